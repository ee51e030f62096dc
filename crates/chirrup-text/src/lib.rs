//! chirrup-text
