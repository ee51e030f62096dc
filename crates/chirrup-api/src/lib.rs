//! chirrup-api
