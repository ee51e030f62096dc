//! The people and posts that a new world begins with: made up, the same for the same seed and hour.

mod documents;

use chirrup_model::Timestamp;
use rusqlite::params;
use serde_json::json;

use crate::handlers::repost_text;
use crate::world::{NewPost, World, id_of, sql};

/// What a world is grown from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Plan {
    pub(crate) users: usize,
    pub(crate) posts: usize,
    pub(crate) seed: u64,
    /// The moment of the newest post, in milliseconds.
    pub(crate) until: i64,
}

/// How far back the posts reach.
const SPAN: i64 = 9 * 86_400_000;

/// Numbers that look random and are the same every time (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    fn below(&mut self, n: usize) -> usize {
        (self.roll() % n.max(1) as u64) as usize
    }
    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
    /// Small numbers far more often than large ones: few are followed and liked by many.
    fn skewed(&mut self, n: usize) -> usize {
        let (a, b) = (self.below(n), self.below(n));
        self.below(a.min(b) + 1)
    }
    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

const FIRST: [&str; 24] = [
    "Ada", "Robin", "Mika", "Lena", "Tomas", "Yuki", "Amara", "Noor", "Iris", "Pavel", "Chen", "Sofia", "Kofi", "Elif",
    "Jonas", "Priya", "Mateo", "Hana", "Luca", "Freya", "Omar", "Wren", "Dara", "Nils",
];
const LAST: [&str; 20] = [
    "Finch",
    "Wagtail",
    "Marsh",
    "Okafor",
    "Lindqvist",
    "Tanaka",
    "Moreau",
    "Silva",
    "Novak",
    "Haddad",
    "Berg",
    "Rossi",
    "Kumar",
    "Alvarez",
    "Stone",
    "Park",
    "Vega",
    "Holm",
    "Adeyemi",
    "Krause",
];
const WORK: [&str; 10] = [
    "Writes compilers for fun",
    "Birds, bread and distributed systems",
    "Field recordings and late trains",
    "Teaches physics, learns piano",
    "Gardens at 59 degrees north",
    "Data journalist",
    "Runs slowly, ships weekly",
    "Maps of places that moved",
    "Photographs rain",
    "Open source, open windows",
];
const PLACES: [(&str, &str, &str, &str, [f64; 4]); 6] = [
    ("01a9a39529b27f36", "Lisbon", "Portugal", "PT", [-9.23, 38.69, -9.09, 38.80]),
    ("3797791ff9c0e4c6", "Oslo", "Norway", "NO", [10.49, 59.81, 10.95, 60.14]),
    ("5a110d312052166f", "Osaka", "Japan", "JP", [135.37, 34.58, 135.60, 34.77]),
    ("00ab941b685334e3", "Nairobi", "Kenya", "KE", [36.66, -1.44, 37.10, -1.16]),
    ("2a93711775303f90", "Bogotá", "Colombia", "CO", [-74.22, 4.47, -74.00, 4.83]),
    ("095534ad3107e0e6", "Hamburg", "Germany", "DE", [9.73, 53.40, 10.33, 53.74]),
];

/// A subject: language, tag, openings and endings that go together.
type Topic = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const TOPICS: [Topic; 10] = [
    (
        "en",
        "rustlang",
        &[
            "Rewrote the parser in Rust over the weekend",
            "The borrow checker and I have made peace",
            "Rust async finally clicked for me",
            "Shipped our first Rust service today",
            "Teaching Rust to a room of C programmers",
        ],
        &[
            "and the memory graph is flat.",
            "half the code, twice the tests.",
            "notes in the thread.",
            "what did you learn first?",
            "no regrets so far.",
        ],
    ),
    (
        "en",
        "birding",
        &[
            "Saw a kingfisher by the canal",
            "Three wrens in the hedge this morning",
            "The swifts are back over the harbour",
            "A chirrup outside the window at five",
            "Counted forty starlings before breakfast",
        ],
        &[
            "made my day.",
            "camera stayed in the bag, of course.",
            "spring is here 🌱",
            "anyone else near the coast?",
            "🐦",
        ],
    ),
    (
        "en",
        "climate",
        &[
            "New data on sea ice is out",
            "The heat pump has paid for itself",
            "River levels are lower than last year",
            "Our town planted nine hundred trees",
            "Reading the report on coastal floods",
        ],
        &[
            "charts below.",
            "worth your time.",
            "the method section is the best part.",
            "hope is a plan with dates.",
            "thread soon.",
        ],
    ),
    (
        "en",
        "coffee",
        &[
            "This espresso tastes like plums",
            "Found a roaster two streets away",
            "Cold brew, day three",
            "The grinder was the problem all along",
            "Filter or espresso before a deadline",
        ],
        &["send help.", "and it changes everything ☕", "ten out of ten.", "fight me.", "asking for a friend."],
    ),
    (
        "en",
        "opendata",
        &[
            "Published the bus punctuality dataset",
            "Cleaned eleven years of rainfall records",
            "An API for the city's trees",
            "Census tables joined with the map",
            "Found a decimal error in a public dataset",
        ],
        &[
            "licence is open, go play.",
            "CSV and Parquet.",
            "pull requests welcome.",
            "it was always the time zone.",
            "repo is public.",
        ],
    ),
    (
        "es",
        "fotografía",
        &[
            "La luz de esta mañana en el puerto",
            "Otra foto del mercado viejo",
            "Revelando carretes de hace diez años",
            "El mejor retrato fue un accidente",
        ],
        &["sin filtros.", "¿qué opináis?", "mañana más.", "me encanta esta ciudad."],
    ),
    (
        "de",
        "garten",
        &[
            "Die ersten Tomaten sind reif",
            "Der Igel war wieder im Garten",
            "Kompost ist auch nur Geduld",
            "Heute drei Stunden Unkraut gejätet",
        ],
        &["endlich!", "mit Foto.", "wer braucht Zucchini?", "schön wars."],
    ),
    (
        "ja",
        "読書",
        &["新しい本を読み始めました", "図書館で一日過ごした", "この小説の最後に驚いた", "雨の日は読書がいちばん"],
        &["おすすめです。", "続きはまた明日。", "静かでよかった。", "📚"],
    ),
    (
        "fr",
        "velo",
        &[
            "Premier trajet à vélo sous la pluie",
            "La nouvelle piste cyclable est ouverte",
            "Crevaison à dix kilomètres du but",
            "Le col était dans les nuages",
        ],
        &["quelle vue.", "on recommence demain.", "les jambes disent merci.", "🚲"],
    ),
    (
        "pt",
        "música",
        &[
            "Ensaio até tarde com a banda",
            "Descobri um disco de 1974",
            "Concerto gratuito no jardim",
            "A guitarra nova chegou",
        ],
        &["que som!", "domingo às seis.", "até amanhã.", "🎶"],
    ),
];

const ANSWERS: [&str; 12] = [
    "Totally agree",
    "Could you share the source?",
    "This is the way",
    "We saw the same thing here",
    "Counterpoint: it depends",
    "Love this",
    "Bookmarked for later",
    "How did you measure it?",
    "Not sure I follow",
    "Same, every single time",
    "Thank you for writing this up",
    "That last part is so true",
];

/// Fills an empty world.
pub(crate) fn grow(world: &mut World, plan: Plan) -> rusqlite::Result<()> {
    let mut dice = Dice(plan.seed);
    world.db.execute_batch("BEGIN")?;
    let users = people(world, &mut dice, plan)?;
    follows(world, &mut dice, &users)?;
    places(world)?;
    posts(world, &mut dice, plan, &users)?;
    spare_media(world, users[0])?;
    if users.len() > 3 {
        documents::things(world, &users, plan.until)?;
    }
    world.db.execute_batch("COMMIT; ANALYZE;")
}

/// The first is `ada`, for whom the sandbox's own credentials are made; the second has the id 12 and the post 20.
fn people(world: &mut World, dice: &mut Dice, plan: Plan) -> rusqlite::Result<Vec<u64>> {
    let mut ids = Vec::new();
    let sql_text = "INSERT INTO user (id, username, name, created, description, location, url, verified, protected)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let mut insert = world.db.prepare(sql_text)?;
    for n in 0..plan.users.max(2) {
        let id = match n {
            1 => 12,
            _ => 2_244_994_900 + n as u64 * 7_919,
        };
        let (first, last) = (FIRST[n % FIRST.len()], LAST[(n / FIRST.len() + n) % LAST.len()]);
        let username = match n {
            0 => "ada".to_owned(),
            1 => "robin".to_owned(),
            _ => format!("{}_{}", first.to_lowercase(), n),
        };
        let location = if dice.chance(60) { dice.pick(&PLACES).1 } else { "" };
        let url = if dice.chance(30) { format!("https://example.com/~{username}") } else { String::new() };
        let created = plan.until - SPAN - (dice.below(4_000) as i64 + 30) * 86_400_000;
        let (verified, protected) = (dice.chance(15), n > 5 && dice.chance(3));
        let bio = *dice.pick(&WORK);
        insert.execute(params![
            sql(id),
            username,
            format!("{first} {last}"),
            created,
            bio,
            location,
            url,
            verified,
            protected
        ])?;
        ids.push(id);
    }
    Ok(ids)
}

fn follows(world: &World, dice: &mut Dice, users: &[u64]) -> rusqlite::Result<()> {
    let mut insert = world.db.prepare("INSERT OR IGNORE INTO follow VALUES (?, ?, ?)")?;
    let mut seq = 0;
    for follower in users {
        for _ in 0..8 + dice.below(30) {
            let followed = users[dice.skewed(users.len())];
            if followed != *follower {
                seq += 1;
                insert.execute(params![sql(*follower), sql(followed), seq])?;
            }
        }
    }
    world.db.execute_batch(
        "UPDATE user SET followers = (SELECT count(*) FROM follow WHERE followed = user.id),
                         following = (SELECT count(*) FROM follow WHERE follower = user.id)",
    )
}

fn places(world: &World) -> rusqlite::Result<()> {
    for (id, name, country, code, bbox) in PLACES {
        let json = json!({
            "id": id, "name": name, "full_name": format!("{name}, {country}"), "country": country, "country_code": code,
            "place_type": "city", "geo": {"type": "Feature", "bbox": bbox, "properties": {}},
        });
        world.db.execute("INSERT INTO place VALUES (?, ?)", params![id, json.to_string()])?;
    }
    Ok(())
}

fn posts(world: &mut World, dice: &mut Dice, plan: Plan, users: &[u64]) -> rusqlite::Result<()> {
    let first = NewPost {
        author: users[1],
        text: "first light, first song, first post".to_owned(),
        lang: "en".to_owned(),
        source: "Chirrup sandbox".to_owned(),
        ..NewPost::default()
    };
    world.write_as(first, 20)?;
    let mut recent: Vec<(u64, u64, String)> = Vec::new();
    let mut like = Vec::new();
    let step = SPAN / plan.posts.max(1) as i64;
    for n in 0..plan.posts {
        let at = plan.until - SPAN + step * n as i64 + dice.below(usize::try_from(step.max(1)).unwrap_or(1)) as i64;
        let now = Timestamp::from_millis(at);
        let author = users[dice.skewed(users.len())];
        let new = compose(world, dice, author, now, &recent)?;
        let row = world.write(new, now)?;
        if row.repost_of.is_none() {
            let likers = dice.skewed(users.len().min(120)) / 3;
            like.push((row.id, likers));
            recent.push((row.id, row.author, row.text));
            if recent.len() > 400 {
                recent.remove(0);
            }
        }
    }
    likes(world, dice, users, &like)
}

fn compose(
    world: &mut World,
    dice: &mut Dice,
    author: u64,
    now: Timestamp,
    recent: &[(u64, u64, String)],
) -> rusqlite::Result<NewPost> {
    let source = (*dice.pick(&["Chirrup for Web", "Chirrup for Android", "Chirrup for iPhone"])).to_owned();
    let kind = if recent.is_empty() { 99 } else { dice.below(100) };
    if kind < 36 {
        // Mostly of the latest, so that threads grow deep.
        let back = dice.skewed(recent.len().min(60));
        let (id, other, text) = &recent[recent.len() - 1 - back];
        let name = world.username(*other)?.unwrap_or_default();
        let answer = *dice.pick(&ANSWERS);
        let mut new = NewPost { author, lang: "en".to_owned(), source, ..NewPost::default() };
        match kind {
            0..=21 => {
                new.text = format!(
                    "@{name} {answer}, {}.",
                    dice.pick(&["honestly", "as always", "for once", "again", "really"])
                );
                new.reply_to = Some(*id);
            }
            22..=27 => {
                new.text = format!(
                    "{answer}: {}",
                    dice.pick(&["read this", "good thread", "see below", "still thinking about it"])
                );
                new.quote_of = Some(*id);
            }
            _ => {
                new.text = repost_text(&name, text);
                new.repost_of = Some(*id);
            }
        }
        return Ok(new);
    }
    let (lang, tag, openings, endings) = dice.pick(&TOPICS);
    let mut text = format!("{} {}", dice.pick(openings), dice.pick(endings));
    if dice.chance(45) {
        text.push_str(&format!(" #{tag}"));
    }
    if dice.chance(12) {
        text.push_str(&format!(" https://example.com/{tag}/{}", dice.below(10_000)));
    }
    if dice.chance(4) {
        let ticker = *dice.pick(&["$TWTR", "$OAK", "$FERN"]);
        text.push(' ');
        text.push_str(ticker);
    }
    let mut new = NewPost { author, text, lang: (*lang).to_owned(), source, ..NewPost::default() };
    match dice.below(100) {
        0..=9 => new.media = vec![medium(world, dice, author, now)?],
        10..=12 => {
            let votes = [dice.below(200) as u64, dice.below(200) as u64, dice.below(50) as u64];
            let labels = ["Yes", "No", "Show me the results"].map(str::to_owned);
            let options: Vec<(String, u64)> = labels.into_iter().zip(votes).collect();
            new.poll = Some(world.add_poll(&options, 1_440, now)?);
        }
        13..=19 => new.place = Some(dice.pick(&PLACES).0.to_owned()),
        _ => {}
    }
    Ok(new)
}

fn medium(world: &mut World, dice: &mut Dice, owner: u64, now: Timestamp) -> rusqlite::Result<u64> {
    let id = world.next_id(now);
    let json = if dice.chance(75) {
        json!({
            "media_key": format!("3_{id}"), "type": "photo", "url": format!("https://pbs.twimg.com/media/{id}.jpg"),
            "width": 1200, "height": 800, "alt_text": "A picture made up for the sandbox",
        })
    } else {
        json!({
            "media_key": format!("7_{id}"), "type": "video", "width": 1280, "height": 720,
            "duration_ms": 1_000 + dice.below(90_000), "public_metrics": {"view_count": dice.below(50_000)},
            "preview_image_url": format!("https://pbs.twimg.com/media/{id}.jpg"),
            "variants": [{"bit_rate": 832_000, "content_type": "video/mp4", "url": format!("https://video.twimg.com/{id}.mp4")}],
        })
    };
    world.db.execute("INSERT INTO media VALUES (?, ?, ?)", params![sql(id), sql(owner), json.to_string()])?;
    Ok(id)
}

/// Pictures that `ada` has uploaded and not yet posted: the media ids 1 to 4.
fn spare_media(world: &World, owner: u64) -> rusqlite::Result<()> {
    for id in 1..=4 {
        let json = json!({"media_key": format!("3_{id}"), "type": "photo", "url": format!("https://pbs.twimg.com/media/{id}.jpg"), "width": 640, "height": 480});
        world.db.execute("INSERT INTO media VALUES (?, ?, ?)", params![id, sql(owner), json.to_string()])?;
    }
    Ok(())
}

/// What one of the users might post just now.
pub(crate) fn chatter(world: &mut World, random: &mut u64, now: Timestamp) -> rusqlite::Result<NewPost> {
    let mut dice = Dice(*random);
    let count: u32 = world.db.prepare_cached("SELECT count(*) FROM user")?.query_row([], |row| row.get(0))?;
    let mut nth = world.db.prepare_cached("SELECT id FROM user LIMIT 1 OFFSET ?")?;
    let author = nth.query_row([dice.skewed(count as usize) as i64], |row| row.get(0)).map(id_of)?;
    drop(nth);
    let new = compose(world, &mut dice, author, now, &[]);
    *random = dice.0;
    new
}

fn likes(world: &World, dice: &mut Dice, users: &[u64], wanted: &[(u64, usize)]) -> rusqlite::Result<()> {
    let mut insert = world.db.prepare("INSERT OR IGNORE INTO liking VALUES (?, ?, ?)")?;
    let mut seq = 0;
    for (post, likers) in wanted {
        for _ in 0..*likers {
            seq += 1;
            insert.execute(params![sql(users[dice.below(users.len())]), sql(*post), seq])?;
        }
    }
    world.db.execute_batch(
        "UPDATE post SET likes = (SELECT count(*) FROM liking WHERE liking.post = post.id);
         UPDATE post SET impressions = 40 + likes * 37 + reposts * 210 + replies * 12, bookmarks = likes / 9;
         UPDATE user SET likes = coalesce((SELECT n FROM (SELECT user AS u, count(*) AS n FROM liking GROUP BY user) WHERE u = user.id), 0);",
    )?;
    let mut index =
        world.db.prepare("INSERT OR IGNORE INTO term SELECT 'likes:' || ?1, id FROM post WHERE likes >= ?1")?;
    [1, 10, 100, 1_000].iter().try_for_each(|power| index.execute([power]).map(drop))
}
