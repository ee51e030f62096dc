//! Server that streams the partitions of a firehose whose posts are a function of time: it sends again what was missed.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chirrup::model::Timestamp;

const PARTITIONS: u64 = 20;
/// Interval between two writes to a connection.
const TICK: Duration = Duration::from_millis(50);

/// A server, which ends with the test.
pub(super) struct Firehose {
    address: String,
    posts: Posts,
}

/// The posts: a number of them in each millisecond.
#[derive(Clone, Copy)]
struct Posts {
    per_millisecond: u64,
}

impl Posts {
    /// IDs of the posts of these milliseconds that a partition has, or of all.
    fn ids(self, from: i64, to: i64, partition: Option<u64>) -> impl Iterator<Item = u64> {
        let of = move |at: i64| {
            let first = Timestamp::from_millis(at).first_snowflake();
            let number = at.unsigned_abs() * self.per_millisecond;
            let posts = (0..self.per_millisecond).map(move |n| (first + n, (number + n) % PARTITIONS + 1));
            posts.filter(move |(_, its)| partition.is_none_or(|partition| partition == *its)).map(|(id, _)| id)
        };
        (from..to).flat_map(of)
    }
}

impl Firehose {
    /// Starts a server with this number of posts per second.
    pub(super) fn start(rate: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let posts = Posts { per_millisecond: rate.div_ceil(1_000) };
        std::thread::spawn(move || {
            for socket in listener.incoming() {
                let socket = socket.unwrap();
                std::thread::spawn(move || drop(serve(socket, posts)));
            }
        });
        Self { address, posts }
    }

    pub(super) fn environment(&self) -> Vec<(&'static str, String)> {
        vec![("CHIRRUP_BASE_URL", self.address.clone()), ("X_BEARER_TOKEN", "token".to_owned())]
    }

    /// Time in milliseconds since 1970.
    pub(super) fn now(&self) -> i64 {
        now()
    }

    /// IDs of the posts of these milliseconds.
    pub(super) fn ids(&self, from: i64, to: i64) -> Vec<i64> {
        self.posts.ids(from, to, None).map(u64::cast_signed).collect()
    }
}

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

/// Serves a connection with one request: the live stream of a partition, or a window of the past.
fn serve(mut socket: TcpStream, posts: Posts) -> std::io::Result<()> {
    let mut reader = BufReader::new(socket.try_clone()?);
    let (mut request, mut header) = (String::new(), String::new());
    reader.read_line(&mut request)?;
    while reader.read_line(&mut header)? > 2 {
        header.clear();
    }
    let value = |name: &str| {
        let value = request.split(&format!("{name}=")).nth(1)?.split(['&', ' ']).next()?.to_owned();
        Some(value.replace("%3A", ":"))
    };
    let time = |name: &str| value(name)?.parse::<Timestamp>().ok().map(Timestamp::as_millis);
    let partition = value("partition").and_then(|number| number.parse().ok());
    write!(socket, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n")?;
    let minutes: i64 = value("backfill_minutes").and_then(|number| number.parse().ok()).unwrap_or(0);
    let mut from = time("start_time").unwrap_or_else(|| now() - minutes * 60_000);
    if let Some(end) = time("end_time") {
        return socket.write_all(&lines(posts, from, end, partition));
    }
    loop {
        let to = now();
        socket.write_all(&lines(posts, from, to, partition))?;
        from = to;
        std::thread::sleep(TICK);
    }
}

fn lines(posts: Posts, from: i64, to: i64, partition: Option<u64>) -> Vec<u8> {
    let mut lines = Vec::new();
    for id in posts.ids(from, to, partition) {
        let text = "a heron at the pond ".repeat(12);
        let author = id % 5_000 + 1;
        let _ = write!(
            lines,
            "{{\"data\":{{\"id\":\"{id}\",\"text\":\"{text}\",\"author_id\":\"{author}\",\"lang\":\"en\",\
             \"edit_history_tweet_ids\":[\"{id}\"]}},\"includes\":{{\"users\":[{{\"id\":\"{author}\",\
             \"username\":\"user{author}\",\"name\":\"User\"}}]}}}}\r\n"
        );
    }
    lines
}
