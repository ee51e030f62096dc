//! Posts of 3.7 kB with all fields over loopback: streams of the client, compared with loops that read the socket directly,
//! split its lines and decode the same structs.
//!
//! `CHIRRUP_POSTS` sets the number of posts per round, 60,000 by default.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a failed benchmark panics")]
#![allow(clippy::print_stdout, reason = "a benchmark prints its results")]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chirrup::model::{Delivery, Post};
use chirrup::{Client, Credentials, Decode, Live, LiveEvent};
use chirrup_benches::memory;
use serde_json::{Value as Json, json};

/// Returns a post with every field that a stream can contain.
fn post() -> Json {
    let annotation = |n: u32| {
        json!({
            "domain": {"id": (30 + n).to_string(), "name": "Unified Twitter Taxonomy", "description": "A taxonomy of topics"},
            "entity": {"id": format!("84890{n}"), "name": "Computer programming", "description": "Computer programming"},
        })
    };
    json!({
        "data": {
            "id": "ID", "text": "Shipped our first Rust service today, notes in the thread. @robin https://t.co/abcdefghij #rustlang",
            "edit_history_tweet_ids": ["ID"], "author_id": "2244994945", "created_at": "2026-11-20T23:52:47.000Z",
            "conversation_id": "ID", "lang": "en", "possibly_sensitive": false, "reply_settings": "everyone",
            "source": "Chirrup for Web", "display_text_range": [0, 99], "in_reply_to_user_id": "12",
            "edit_controls": {"editable_until": "2026-11-21T00:52:47.000Z", "edits_remaining": 5, "is_edit_eligible": true},
            "public_metrics": {
                "bookmark_count": 1, "impression_count": 373, "like_count": 9, "quote_count": 0, "reply_count": 0,
                "retweet_count": 0,
            },
            "referenced_tweets": [{"type": "replied_to", "id": "2123927567571353600"}],
            "context_annotations": (0..6).map(annotation).collect::<Vec<_>>(),
            "entities": {
                "hashtags": [{"start": 90, "end": 99, "tag": "rustlang"}],
                "mentions": [{"start": 59, "end": 65, "username": "robin", "id": "12"}],
                "annotations": [
                    {"start": 18, "end": 21, "probability": 0.9712, "type": "Product", "normalized_text": "Rust"},
                ],
                "urls": [{
                    "start": 66, "end": 89, "url": "https://t.co/abcdefghij", "display_url": "example.com/some/long…",
                    "expanded_url": "https://example.com/some/long/path/to/an/article?with=query", "status": 200,
                    "unwound_url": "https://example.com/some/long/path/to/an/article", "title": "An article with a title",
                    "description": "And a description of some length, which says what the article is about, in words.",
                    "images": [{"url": "https://pbs.twimg.com/news_img/1/a?format=jpg&name=orig", "width": 1200, "height": 630}],
                }],
            },
            "geo": {"place_id": "01a9a39529b27f36"}, "attachments": {"media_keys": ["3_2123927567571353601"]},
        },
        "includes": {
            "users": [{
                "id": "2244994945", "name": "Ada Finch", "username": "ada", "created_at": "2013-12-14T04:35:55.000Z",
                "description": "Writes compilers for fun, and reads what others write about birds https://t.co/abcdefghij",
                "location": "Lisbon", "protected": false, "verified": true, "verified_type": "blue",
                "pinned_tweet_id": "2123927567571353000", "url": "https://t.co/abcdefghij",
                "profile_image_url": "https://pbs.twimg.com/profile_images/1683899100922511378/5lY42eHs_normal.jpg",
                "public_metrics": {
                    "followers_count": 583_423, "following_count": 2_048, "tweet_count": 14_052, "listed_count": 1_672,
                    "like_count": 2_771, "media_count": 806,
                },
            }],
            "media": [{
                "media_key": "3_2123927567571353601", "type": "photo", "width": 1200, "height": 900,
                "url": "https://pbs.twimg.com/media/FakeMediaKey00.jpg", "alt_text": "A heron at the pond",
            }],
        },
        "matching_rules": [{"id": "1494670872418033664", "tag": "rust in english"}],
    })
}

/// Number of rounds, the first of which is a warm-up.
const ROUNDS: usize = 7;
/// Number of posts over which memory is measured.
const MEMORY_POSTS: u64 = 1 << 20;
/// Number of posts in one chunk of the response.
const CHUNK_POSTS: u64 = 256;

/// Starts a server that sends this many posts to every client and then keeps the connection open.
fn serve(count: u64) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let line = post().to_string();
    println!("{} bytes per post, {count} posts per round", line.len() + 2 + 3 * 17);
    // The IDs are replaced at fixed offsets of a prepared chunk, so that the server takes little time.
    let numbered = line.replace("\"ID\"", "\"0000000000000000000\"") + "\r\n";
    let id_offsets: Arc<Vec<usize>> =
        Arc::new(numbered.match_indices("0000000000000000000").map(|(at, _)| at).collect());
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let (mut socket, numbered, id_offsets) = (socket.unwrap(), numbered.clone(), Arc::clone(&id_offsets));
            std::thread::spawn(move || {
                let _ = socket.read(&mut [0; 8_192]);
                let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
                socket.write_all(head).unwrap();
                let mut chunk = numbered.repeat(usize::try_from(CHUNK_POSTS).unwrap()).into_bytes();
                let chunk_size = format!("{:x}\r\n", chunk.len()).into_bytes();
                for first in (0..count).step_by(usize::try_from(CHUNK_POSTS).unwrap()) {
                    for n in 0..CHUNK_POSTS {
                        let id = format!("{:019}", 2_123_927_567_571_353_600 + first + n);
                        for offset in id_offsets.iter() {
                            let at = usize::try_from(n).unwrap() * numbered.len() + offset;
                            chunk[at..at + 19].copy_from_slice(id.as_bytes());
                        }
                    }
                    let sent = socket.write_all(&chunk_size).and_then(|()| socket.write_all(&chunk));
                    if sent.and_then(|()| socket.write_all(b"\r\n")).is_err() {
                        return;
                    }
                }
                std::thread::sleep(Duration::from_secs(3_600));
            });
        }
    });
    address
}

/// Reads the socket directly and calls a function with each line of a post.
fn read_directly(address: std::net::SocketAddr, count: u64, mut each: impl FnMut(&mut [u8])) -> Duration {
    let mut socket = TcpStream::connect(address).unwrap();
    socket.write_all(b"GET /2/tweets/sample/stream HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut buffer = vec![0; 4 << 20];
    let (mut filled, mut lines, mut headed) = (0, 0, false);
    let start = Instant::now();
    while lines < count {
        filled += socket.read(&mut buffer[filled..]).unwrap();
        let mut begin = 0;
        while let Some(end) = memchr::memchr(b'\n', &buffer[begin..filled]) {
            let line = &mut buffer[begin..begin + end];
            begin += end + 1;
            // Headers and chunk sizes are also lines; only posts are this long.
            if headed && line.len() > 1_000 {
                let len = line.len() - 1;
                each(&mut line[..len]);
                lines += 1;
            }
            headed |= line.len() <= 1;
        }
        buffer.copy_within(begin..filled, 0);
        filled -= begin;
    }
    start.elapsed()
}

async fn read_with_client<D: Decode>(mut live: Live<D>, count: u64) -> Duration {
    let start = Instant::now();
    let mut items = 0;
    while items < count {
        match live.next_event().await.unwrap() {
            LiveEvent::Item(item) => {
                std::hint::black_box(item);
                items += 1;
            }
            LiveEvent::Ended(why) => panic!("{why}"),
            _ => {}
        }
    }
    start.elapsed()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    let count = std::env::var("CHIRRUP_POSTS").ok().and_then(|n| n.parse().ok()).unwrap_or(60_000_u64);
    let count = count.next_multiple_of(CHUNK_POSTS);
    let address = serve(count);
    let client = Client::builder().base_url(format!("http://{address}")).credentials(Credentials::app_only("t"));
    // Partitioned streams are sold by contract, so the client does not record their cost.
    let client = client.build().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let serde = |line: &mut [u8]| drop(std::hint::black_box(serde_json::from_slice::<Delivery<Post>>(line).unwrap()));
    let simd = |line: &mut [u8]| drop(std::hint::black_box(simd_json::from_slice::<Delivery<Post>>(line).unwrap()));
    let mut rates: [Vec<f64>; 7] = Default::default();
    let live = || client.firehose(1).live();
    macro_rules! run {
        ($live:expr, $count:expr) => {
            runtime.block_on(async { tokio::spawn(read_with_client($live.open(), $count)).await.unwrap() })
        };
    }
    run!(live(), 1_000);
    let idle = memory::current();
    let memory_client =
        Client::builder().base_url(format!("http://{}", serve(MEMORY_POSTS))).credentials(Credentials::app_only("t"));
    let memory_client = memory_client.build().unwrap();
    let time = run!(memory_client.firehose(1).live(), MEMORY_POSTS);
    println!(
        "memory over {MEMORY_POSTS} posts in {time:.1?}: {idle} MiB idle, {} MiB after the last post, {} MiB at peak \
         (target: at most 32 MiB above idle)",
        memory::current(),
        memory::peak()
    );
    for round in 0..ROUNDS {
        let times = [
            read_directly(address, count, |line| {
                std::hint::black_box(line.len());
            }),
            read_directly(address, count, serde),
            read_directly(address, count, simd),
            run!(live(), count),
            run!(live().lazy(), count),
            run!(live().undecoded(), count),
            run!(client.filtered_stream().live(), count),
        ];
        if round == 0 {
            continue;
        }
        for (rates, time) in rates.iter_mut().zip(times) {
            rates.push(count as f64 / time.as_secs_f64());
        }
    }
    let names = [
        "socket, no decoding",
        "socket, serde_json",
        "socket, simd-json",
        "typed",
        "lazy",
        "undecoded",
        "typed, with costs",
    ];
    let medians = rates.map(median);
    for (name, rate) in names.iter().zip(medians) {
        println!("{name:>20}: {rate:>9.0} posts/s");
    }
    let best = medians[1].max(medians[2]);
    println!("typed: {:.0}% of the rate of the best socket loop (target: at least 85%)", medians[3] / best * 100.0);
    println!("lazy: {:.1} times the rate of typed (target: at least 3)", medians[4] / medians[3]);
}
