//! Texts of posts, for benchmarks.

/// Realistic texts: several scripts, hashtags, mentions, links and emoji.
pub const TEXTS: [&str; 16] = [
    "Just setting up my first bot with @chirrup, it answers mentions in under a second. More at https://example.com/blog/bots?utm_source=x",
    "RT @ada: The analytical engine weaves algebraical patterns just as the Jacquard loom weaves flowers and leaves. #history #computing",
    "good morning ☀️ everyone, coffee first ☕ then the long list of things that should have been done yesterday",
    "東京は今日も雨です。傘を忘れた人は @tenki を見てください #天気 https://t.co/abcdefghij",
    "I can't believe $TWTR is gone and all my charts broke. What do you use now? $SPY $AAPL are fine so far...",
    "Новый выпуск подкаста уже на сайте: подкаст.рф и https://podcast.example.ru/episodes/42 #наука #космос",
    "New paper: \"Streams that do not lose\" (with @grace_h and @linus_t), pdf at example.org/papers/streams.pdf. Comments welcome!",
    "Family weekend 👨‍👩‍👧‍👦🏖️ photos soon, the little one found 3 crabs and a very angry seagull 🦀🦀🦀",
    "La réunion est déplacée à 14h30, salle B. Merci de prévenir @équipe et @marie_dupont avant midi — à demain !",
    "1/ A thread on why rate limits exist, what they cost and how to live with them without losing your mind.",
    "who else is watching this match?? unbelievable goal in the 93rd minute, I am shaking, what a game, what a team!!!",
    "오늘의 추천곡 🎧 https://music.example.kr/track/9921 #음악 #추천 같이 들어요",
    "Breaking: city council votes 7-2 to extend the tram line. Construction starts in spring. Details: news.example.com/2026/11/tram",
    "@support my order 18842-B still shows \"processing\" after two weeks, could someone please have a look? thanks",
    "مساء الخير جميعا، الحلقة الجديدة متاحة الآن على https://example.com/podcast #بودكاست",
    "reading list for the train: graphs, tries, ropes, piece tables, B-trees, LSM trees, and one novel about the sea",
];

/// Returns 4,000 different texts.
#[must_use]
pub fn corpus() -> Vec<String> {
    (0..4_000).map(|n| format!("{} {}", TEXTS[n % TEXTS.len()], n)).collect()
}
