//! Objects of a bucket under a prefix. The calls block while the server works.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chirrup_store::ClientRuntime;
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::aws::AmazonS3;
use object_store::path::Path;
use object_store::{Error, ObjectStore as _, ObjectStoreExt as _, PutMode, WriteMultipart};
use tempfile::NamedTempFile;

use super::address::BucketAddress;
use super::credentials::settings;
use super::http_client::Connections;
use super::reason::failed;

/// Length of an object over which it is uploaded in parts, and length of a part.
const PART_LEN: u64 = 8 << 20;
/// Number of parts that are uploaded at the same time.
const PARTS: usize = 2;
/// Number of attempts to find out whether an object was stored whose response was lost, each with its own retries.
const ATTEMPTS: u32 = 4;
/// Time before the second of these attempts.
const BACKOFF: Duration = Duration::from_millis(250);
/// Time without a part of a response after which its download has failed.
const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// Bucket of an object store, and the prefix under which the objects are.
pub(crate) struct Bucket {
    store: Arc<AmazonS3>,
    address: BucketAddress,
    // The connections end with it.
    runtime: ClientRuntime,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Bucket").field(&self.address.to_string()).finish()
    }
}

impl Bucket {
    /// Prepares the connections to a bucket, with the settings of the environment. The first request is sent later.
    ///
    /// # Errors
    /// If there are no credentials, or a setting is invalid.
    pub(crate) fn open(address: BucketAddress) -> io::Result<Self> {
        let settings = settings()?.with_bucket_name(&address.bucket).with_http_connector(Connections);
        let store = settings.build().map_err(|why| failed(&address.bucket, "use the settings for objects", &why))?;
        Ok(Self { store: Arc::new(store), address, runtime: ClientRuntime::start("s3")? })
    }

    fn path_of(&self, key: &str) -> Path {
        key.split('/').fold(self.address.prefix.clone(), |path, part| path.join(part))
    }

    /// Runs a request whose failure is that of an action.
    fn run<T: Send + 'static>(
        &self,
        action: &str,
        request: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> io::Result<T> {
        let answer = self.runtime.run(async move { Ok(request.await) })?;
        answer.map_err(|why| failed(&self.address.bucket, action, &why))
    }

    /// Stores an object if there is none of this name. Returns whether the object of this name has this content, which also
    /// holds if an earlier request whose response was lost has stored it.
    pub(crate) fn create(&self, key: &str, content: Bytes) -> io::Result<bool> {
        let (store, path) = (Arc::clone(&self.store), self.path_of(key));
        self.run("store an object", async move {
            let mut attempt = 0;
            loop {
                let why = match store.put_opts(&path, content.clone().into(), PutMode::Create.into()).await {
                    Ok(_) => return Ok(true),
                    Err(why @ (Error::PermissionDenied { .. } | Error::Unauthenticated { .. })) => return Err(why),
                    Err(why) => why,
                };
                match read(&store, &path).await {
                    Ok(Some(found)) => return Ok(found == content),
                    // The request was not processed, or it still is.
                    Ok(None) if attempt < ATTEMPTS => tokio::time::sleep(BACKOFF * 2_u32.pow(attempt)).await,
                    _ => return Err(why),
                }
                attempt += 1;
            }
        })
    }

    /// Stores a file as an object whose name follows from its content.
    pub(crate) fn upload(&self, key: &str, mut file: File) -> io::Result<()> {
        let (store, path, len) = (Arc::clone(&self.store), self.path_of(key), file.metadata()?.len());
        let uploaded = self.runtime.run(async move {
            if len <= PART_LEN {
                let mut content = Vec::new();
                file.read_to_end(&mut content)?;
                return Ok(store.put(&path, content.into()).await.map(drop));
            }
            let upload = match store.put_multipart(&path).await {
                Ok(upload) => upload,
                Err(why) => return Ok(Err(why)),
            };
            let mut upload = WriteMultipart::new_with_chunk_size(upload, PART_LEN as usize);
            loop {
                let mut part = Vec::new();
                (&mut file).take(PART_LEN).read_to_end(&mut part)?;
                if part.is_empty() {
                    return Ok(upload.finish().await.map(drop));
                }
                if let Err(why) = upload.wait_for_capacity(PARTS).await {
                    return Ok(Err(why));
                }
                upload.put(part.into());
            }
        })?;
        uploaded.map_err(|why| failed(&self.address.bucket, "store an object", &why))
    }

    /// Reads an object, if there is one of this name.
    pub(crate) fn read(&self, key: &str) -> io::Result<Option<Bytes>> {
        let (store, path) = (Arc::clone(&self.store), self.path_of(key));
        self.run("read an object", async move { read(&store, &path).await })
    }

    /// Reads parts of an object.
    pub(crate) fn read_ranges(&self, key: &str, ranges: Vec<Range<u64>>) -> io::Result<Vec<Bytes>> {
        let (store, path) = (Arc::clone(&self.store), self.path_of(key));
        self.run("read an object", async move { store.get_ranges(&path, &ranges).await })
    }

    /// Downloads an object into a temporary file.
    pub(crate) fn download(&self, key: &str) -> io::Result<NamedTempFile> {
        let (store, path) = (Arc::clone(&self.store), self.path_of(key));
        let downloaded = self.runtime.run(async move {
            let mut file = NamedTempFile::new()?;
            let mut body = match store.get(&path).await {
                Ok(found) => found.into_stream(),
                Err(why) => return Ok(Err(why)),
            };
            loop {
                let part = tokio::time::timeout(READ_TIMEOUT, body.try_next()).await;
                match part.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))? {
                    Ok(Some(part)) => file.write_all(&part)?,
                    Ok(None) => return Ok(Ok(file)),
                    Err(why) => return Ok(Err(why)),
                }
            }
        })?;
        downloaded.map_err(|why| failed(&self.address.bucket, &format!("read the object `{key}`"), &why))
    }

    /// Returns the names of the objects in a folder, in order, and those after a name only if it is given.
    pub(crate) fn list(&self, folder: &str, after: Option<&str>) -> io::Result<Vec<String>> {
        let (store, path) = (Arc::clone(&self.store), self.path_of(folder));
        let after = after.map(|name| path.clone().join(name));
        self.run("list the objects", async move {
            let objects = match &after {
                Some(after) => store.list_with_offset(Some(&path), after),
                None => store.list(Some(&path)),
            };
            let names = objects.map_ok(|object| object.location.filename().unwrap_or_default().to_owned());
            let mut names: Vec<String> = names.try_collect().await?;
            names.sort_unstable();
            Ok(names)
        })
    }

    /// Deletes objects. One that is missing is not an error.
    pub(crate) fn delete(&self, keys: impl IntoIterator<Item = String>) -> io::Result<()> {
        let paths: Vec<_> = keys.into_iter().map(|key| Ok(self.path_of(&key))).collect();
        let store = Arc::clone(&self.store);
        self.run("delete objects", async move {
            let mut deleted = store.delete_stream(futures_util::stream::iter(paths).boxed());
            while let Some(deleted) = deleted.next().await {
                match deleted {
                    Err(Error::NotFound { .. }) | Ok(_) => {}
                    Err(why) => return Err(why),
                }
            }
            Ok(())
        })
    }
}

async fn read(store: &AmazonS3, path: &Path) -> Result<Option<Bytes>, Error> {
    let found = match store.get(path).await {
        Ok(found) => found.bytes().await,
        Err(why) => Err(why),
    };
    match found {
        Ok(content) => Ok(Some(content)),
        Err(Error::NotFound { source, .. }) if !source.to_string().contains("NoSuchBucket") => Ok(None),
        Err(why) => Err(why),
    }
}
