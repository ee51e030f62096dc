//! The users of the demo world: names, languages, interests and profiles.

use std::collections::HashSet;

use super::dice::Dice;
use super::texts::{Kind, texts};

/// The users that tests and examples name. The others are drawn.
const KNOWN: [(&str, &str, &str); 6] = [
    ("ada", "Ada Finch", "Writes compilers for fun. Birds, bread and long novels."),
    ("robin", "Robin Wagtail", "Up before the birds. Herons, hides and thermos flasks."),
    ("mika", "Mika Lindqvist", "Data journalist. Maps of places that moved."),
    ("lena", "Lena Krause", "Gärtnert auf 40 Quadratmetern. Tee statt Kaffee."),
    ("tomas", "Tomas Novak", "Takes the slow train. Window seat, left side."),
    ("yuki", "田中 由紀", "雨の日は読書。猫が好き。"),
];

/// Languages of the users, repeated over all of them.
const LANGUAGES: [&str; 12] = ["en", "en", "en", "de", "en", "ja", "en", "es", "en", "fr", "en", "pt"];

/// The longest username that X accepts.
const MAX_USERNAME: usize = 15;

/// ID of `ada`, the first user.
pub(crate) const DEFAULT_USER_ID: u64 = 2_244_994_900;
const ID_STEP: u64 = 7_919;
/// ID of the author of post 20, in every world.
pub(crate) const ROBIN: u64 = 12;

/// ID of the user at this place.
pub(super) const fn user_id(place: usize) -> u64 {
    if place == 1 { ROBIN } else { DEFAULT_USER_ID + place as u64 * ID_STEP }
}

/// What a user writes about, as indexes into [`Texts`](super::texts::Texts).
#[derive(Debug, Clone, Copy)]
pub(super) struct Persona {
    pub(super) language: usize,
    topics: [usize; 2],
}

impl Persona {
    /// The persona of any user, which follows from the ID.
    pub(super) fn of(id: u64) -> Self {
        let place =
            if id == ROBIN { 1 } else { usize::try_from(id.saturating_sub(DEFAULT_USER_ID) / ID_STEP).unwrap_or(0) };
        let texts = texts();
        let language = texts.language(LANGUAGES[place % LANGUAGES.len()]).unwrap_or(0);
        let known = &texts.languages[language].topics;
        let main = place % known.len();
        let second = (main + 1 + place / known.len() % known.len().saturating_sub(1).max(1)) % known.len();
        Self { language, topics: [known[main], known[second]] }
    }

    /// The topic of a user's next post.
    pub(super) fn topic(&self, dice: &mut Dice) -> usize {
        self.topics[usize::from(dice.chance(35))]
    }
}

/// The profile of a new user.
#[derive(Debug)]
pub(super) struct Profile {
    pub(super) username: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) location: &'static str,
}

/// Draws the profile of the user at this place. No username is given twice.
pub(super) fn profile(place: usize, taken: &mut HashSet<String>, dice: &mut Dice) -> Profile {
    let persona = Persona::of(user_id(place));
    let words = &texts().languages[persona.language].words;
    let location = if dice.chance(70) { dice.pick(words.all("place")) } else { "" };
    if let Some((username, name, about)) = KNOWN.get(place) {
        taken.insert((*username).to_owned());
        return Profile {
            username: (*username).to_owned(),
            name: (*name).to_owned(),
            description: (*about).to_owned(),
            location,
        };
    }
    let topic = &texts().topics[persona.topics[0]];
    let (first, last) = (dice.pick(words.all("first")), dice.pick(words.all("last")));
    let (first, first_ascii) = first.split_once('=').unwrap_or((first, first));
    let (last, last_ascii) = last.split_once('=').unwrap_or((last, last));
    let [first_ascii, last_ascii] = [first_ascii, last_ascii].map(str::to_ascii_lowercase);
    let mut username = handle(&first_ascii, &last_ascii, dice.pick(topic.words.all("handle")), dice);
    while username.len() > MAX_USERNAME || taken.contains(&username) {
        username = format!("{}{}{}", &first_ascii[..first_ascii.len().min(8)], &last_ascii[..1], 2 + dice.below(998));
    }
    taken.insert(username.clone());
    let name = if texts().languages[persona.language].code == "ja" {
        format!("{last} {first}")
    } else {
        format!("{first} {last}")
    };
    let name = match dice.below(100) {
        0..=11 => format!("{name} {}", dice.pick(topic.words.all("emoji"))),
        12..=19 => first.to_owned(),
        20..=23 => name.to_lowercase(),
        _ => name,
    };
    Profile { username, name, description: description(persona, dice), location }
}

fn handle(first: &str, last: &str, word: &str, dice: &mut Dice) -> String {
    match dice.below(100) {
        0..=23 => format!("{first}{last}"),
        24..=39 => format!("{first}_{last}"),
        40..=51 => format!("{}{last}", &first[..1]),
        52..=63 => format!("{first}{}", &last[..1]),
        64..=73 => format!("{last}{}", &first[..1]),
        74..=84 => format!("{first}_{word}"),
        85..=92 => format!("{word}by{first}"),
        _ => format!("{first}{}", 71 + dice.below(29)),
    }
}

/// One to three sentences: job, interest, remark.
fn description(persona: Persona, dice: &mut Dice) -> String {
    let texts = texts();
    let language = &texts.languages[persona.language];
    let topic = &texts.topics[persona.topics[0]];
    let (stop, space) = if language.code == "ja" { ("。", "") } else { (".", " ") };
    let interest = dice.choose(topic.words.templates(Kind::Interest));
    let interest = interest.map(|template| texts.fill(topic, template, &mut None, dice)).unwrap_or_default();
    let (job, aside) = (dice.pick(language.words.all("job")), dice.pick(language.words.all("aside")));
    match dice.below(100) {
        0..=34 => format!("{job}{stop}{space}{interest}"),
        35..=59 => format!("{interest}{space}{aside}"),
        60..=84 => format!("{job}{stop}{space}{interest}{space}{aside}"),
        85..=95 => interest,
        _ => String::new(),
    }
}
