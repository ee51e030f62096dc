//! Posts of 3.7 kB with all their fields over loopback: our streams, and bare loops that read the same socket, split the
//! lines and decode the same structs.
//!
//! `CHIRRUP_POSTS` says how many posts each round reads; 60,000 if not given.
#![allow(clippy::unwrap_used, reason = "a benchmark that fails shall stop")]
#![allow(clippy::print_stdout, reason = "a benchmark is there to be read")]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chirrup::model::{Delivery, Post};
use chirrup::{Client, Credentials, Decode, Live, LiveEvent};
use chirrup_benches::memory;
use serde_json::{Value as Json, json};

/// A post with every field that a stream of X can bring.
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

/// The rounds that are measured; memory is measured over this many posts.
const ROUNDS: usize = 7;
const MANY: u64 = 1 << 20;

/// How many posts come in one piece.
const PIECE: u64 = 256;

/// A server that answers everybody with so many posts, and then falls silent.
fn serve(count: u64) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let line = post().to_string();
    println!("a post takes {} bytes; {count} posts a round", line.len() + 2 + 3 * 17);
    // Ids are written into a piece at places that do not change, so that the server costs next to nothing.
    let numbered = line.replace("\"ID\"", "\"0000000000000000000\"") + "\r\n";
    let holes: Arc<Vec<usize>> = Arc::new(numbered.match_indices("0000000000000000000").map(|(at, _)| at).collect());
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let (mut socket, numbered, holes) = (socket.unwrap(), numbered.clone(), Arc::clone(&holes));
            std::thread::spawn(move || {
                let _ = socket.read(&mut [0; 8_192]);
                let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
                socket.write_all(head).unwrap();
                let mut piece = numbered.repeat(usize::try_from(PIECE).unwrap()).into_bytes();
                let chunk = format!("{:x}\r\n", piece.len()).into_bytes();
                for first in (0..count).step_by(usize::try_from(PIECE).unwrap()) {
                    for n in 0..PIECE {
                        let id = format!("{:019}", 2_123_927_567_571_353_600 + first + n);
                        for hole in holes.iter() {
                            let at = usize::try_from(n).unwrap() * numbered.len() + hole;
                            piece[at..at + 19].copy_from_slice(id.as_bytes());
                        }
                    }
                    let sent = socket.write_all(&chunk).and_then(|()| socket.write_all(&piece));
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

/// Reads the socket, takes the chunks apart, splits lines, and does something with each.
fn bare(address: std::net::SocketAddr, count: u64, mut each: impl FnMut(&mut [u8])) -> Duration {
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
            // Sizes of chunks and headers are lines, too; posts are the long ones.
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

async fn ours<D: Decode>(mut live: Live<D>, count: u64) -> Duration {
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
    let count = count.next_multiple_of(PIECE);
    let address = serve(count);
    let client = Client::builder().base_url(format!("http://{address}")).credentials(Credentials::app_only("t"));
    // In partitions nothing is counted for the ledger, as they are sold by contract.
    let client = client.build().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let serde = |line: &mut [u8]| drop(std::hint::black_box(serde_json::from_slice::<Delivery<Post>>(line).unwrap()));
    let simd = |line: &mut [u8]| drop(std::hint::black_box(simd_json::from_slice::<Delivery<Post>>(line).unwrap()));
    let mut rates: [Vec<f64>; 7] = Default::default();
    let live = || client.firehose(1).live();
    macro_rules! run {
        ($live:expr, $count:expr) => {
            runtime.block_on(async { tokio::spawn(ours($live.open(), $count)).await.unwrap() })
        };
    }
    run!(live(), 1_000);
    let idle = memory::now();
    let many = Client::builder().base_url(format!("http://{}", serve(MANY))).credentials(Credentials::app_only("t"));
    let many = many.build().unwrap();
    let time = run!(many.firehose(1).live(), MANY);
    println!(
        "memory over {MANY} posts in {time:.1?}: {idle} MiB idle, {} MiB after them, {} MiB at the most (32 more than \
         idle are allowed)",
        memory::now(),
        memory::peak()
    );
    for round in 0..ROUNDS {
        let times = [
            bare(address, count, |line| {
                std::hint::black_box(line.len());
            }),
            bare(address, count, serde),
            bare(address, count, simd),
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
    let names =
        ["bare, lines only", "bare, serde_json", "bare, simd-json", "typed", "lazy", "undecoded", "typed and paid for"];
    let medians = rates.map(median);
    for (name, rate) in names.iter().zip(medians) {
        println!("{name:>20}: {rate:>9.0} posts/s");
    }
    let best = medians[1].max(medians[2]);
    println!("typed reaches {:.0} % of the best bare loop (at least 85 are wanted)", medians[3] / best * 100.0);
    println!("lazy reaches {:.1} times typed (at least 3 are wanted)", medians[4] / medians[3]);
}
