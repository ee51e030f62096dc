//! chirrup
