//! Buckets of object stores, such as S3 and what is compatible with it.

mod address;
mod credentials;
mod http_client;
mod objects;
mod reason;

pub(crate) use self::address::BucketAddress;
pub(crate) use self::objects::Bucket;
