//! chirrup-sandbox
