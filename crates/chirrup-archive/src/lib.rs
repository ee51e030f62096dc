//! chirrup-archive
