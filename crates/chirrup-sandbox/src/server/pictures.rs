//! Pictures at the paths that their URLs at `pbs.twimg.com` have.

use chirrup_model::MediaId;

use crate::response::jpeg::jpeg;
use crate::world::World;

/// Whether a path is in one of the folders of pictures.
pub(crate) fn is_picture(path: &str) -> bool {
    ["/media/", "/profile_images/", "/profile_banners/"].iter().any(|folder| path.starts_with(folder))
}

/// Returns the picture at a path such as `/media/123.jpg` or `/profile_images/12/picture_normal.jpg`, as JPEG.
pub(crate) fn picture(world: &World, path: &str) -> Option<Vec<u8>> {
    let (folder, rest) = path.strip_prefix('/')?.split_once('/')?;
    let name = rest.split(['/', '.', ':']).next()?;
    let id = name.parse::<MediaId>().ok()?.get();
    match folder {
        "media" => {
            let media = world.media(id).ok()??;
            let side = |name: &str| media[name].as_u64().unwrap_or(640);
            Some(jpeg(id, side("width"), side("height")))
        }
        "profile_images" => {
            let side = if rest.contains("_normal") { 48 } else { 400 };
            world.username(id).ok()?.map(|_| jpeg(id, side, side))
        }
        "profile_banners" => world.username(id).ok()?.map(|_| jpeg(id, 1_500, 500)),
        _ => None,
    }
}
