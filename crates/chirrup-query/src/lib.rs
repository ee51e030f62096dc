//! chirrup-query
