//! chirrup-http
