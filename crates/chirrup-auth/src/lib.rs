//! chirrup-auth
