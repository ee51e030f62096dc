//! chirrup-model
