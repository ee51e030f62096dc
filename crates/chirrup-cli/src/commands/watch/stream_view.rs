//! A live stream: its items, and the facts about the connection.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use bytes::Bytes;
use chirrup::model::{Delivery, Post, Rule, RuleId, Timestamp};
use chirrup::{
    Client, Clock as _, Cost, Decode as _, Decoded, LiveEvent, RateLimitStatus, StreamStats, SystemClock, Typed,
};
use ratatui::Frame;
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders, Paragraph, Sparkline};

use super::cards::Cards;
use super::screen::{Input, Screen};
use crate::args::StreamName;
use crate::commands::stream::describe;
use crate::commands::stream::source::{LineStream, StreamReader, has_posts};
use crate::error::CliError;
use crate::print::{Card, joined, one_line, plural};

const KEYS: &str = "j/k select  g newest  p pause  o open  q quit";
/// Width from which on the facts are beside the items.
const WIDE: u16 = 96;
/// Columns of the facts beside the items.
const SIDE: u16 = 36;
/// Number of seconds whose rates are kept.
const RATES: usize = 120;
/// Interval between two frames without a key.
const FRAME: Duration = Duration::from_millis(250);
/// Number of frames in a second.
const FRAMES: u32 = 4;

/// A rule and the number of items that it matched.
struct CountedRule {
    id: Option<RuleId>,
    name: String,
    items: u64,
}

/// What the screen shows of a stream.
pub(super) struct StreamView {
    name: String,
    cards: Cards,
    rules: Vec<CountedRule>,
    state: String,
    stats: StreamStats,
    partitions: u64,
    /// Numbers of items of the last seconds, newest first.
    rates: VecDeque<u64>,
    /// Number of items at the last rate.
    counted: u64,
    gaps: u64,
    cost: Cost,
    limits: Vec<RateLimitStatus>,
    is_paused: bool,
}

impl StreamView {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            cards: Cards::default(),
            rules: Vec::new(),
            state: "connecting".to_owned(),
            stats: StreamStats::default(),
            partitions: 1,
            rates: VecDeque::new(),
            counted: 0,
            gaps: 0,
            cost: Cost::default(),
            limits: Vec::new(),
            is_paused: false,
        }
    }

    pub(super) fn set_rules(&mut self, rules: Vec<Rule>) {
        let counted = |rule: Rule| {
            let name = rule.tag.filter(|tag| !tag.is_empty()).or(rule.value).unwrap_or_default();
            CountedRule { id: rule.id, name: one_line(&name), items: 0 }
        };
        self.rules = rules.into_iter().map(counted).collect();
    }

    fn event(&mut self, stream: StreamName, event: &LiveEvent<Bytes>) {
        if let LiveEvent::Item(line) = event {
            return self.item(stream, line);
        }
        if matches!(event, LiveEvent::Gap { .. }) {
            self.gaps += 1;
        }
        if let Some(state) = describe(event) {
            self.state = one_line(&state);
        }
    }

    fn item(&mut self, stream: StreamName, line: &Bytes) {
        if has_posts(stream)
            && let Ok(Decoded { item, .. }) = Typed::<Post>::decode(line)
            && let Some(post) = &item.data
        {
            for rule in &mut self.rules {
                rule.items += u64::from(item.matching_rules.iter().any(|matched| Some(matched.id) == rule.id));
            }
            if !self.is_paused {
                self.cards.add_newest(Some(post.id), post_card(&item, post));
            }
        } else if !self.is_paused {
            let body = one_line(&String::from_utf8_lossy(line));
            self.cards.add_newest(None, Card { body, ..Card::default() });
        }
    }

    /// Adds the rate of the last second.
    fn tick(&mut self) {
        self.rates.push_front(self.stats.items - self.counted);
        self.rates.truncate(RATES);
        self.counted = self.stats.items;
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let stats = &self.stats;
        let lag =
            stats.lag(SystemClock.now()).map_or_else(|| "–".to_owned(), |lag| format!("{:.1} s", lag.as_secs_f64()));
        let per_second = self.rates.front().copied().unwrap_or_default();
        let mut facts = vec![
            ("items", stats.items.to_string()),
            ("per second", per_second.to_string()),
            ("lag", lag),
            ("gaps", self.gaps.to_string()),
            ("reconnects", stats.connections.saturating_sub(self.partitions).to_string()),
            ("duplicates", stats.duplicates.to_string()),
            ("cost", self.cost.to_string()),
        ];
        facts
            .extend(self.limits.first().map(|limit| ("limit", format!("{} of {} left", limit.remaining, limit.limit))));
        facts
    }

    pub(super) fn draw(&mut self, frame: &mut Frame<'_>) {
        let [head, body, foot] =
            Layout::vertical([Constraint::Length(1), Constraint::Min(1), Constraint::Length(1)]).areas(frame.area());
        let state = if self.is_paused { "paused" } else { &self.state };
        let title = Line::from(format!("{}  {state}", self.name)).style(Style::new().add_modifier(Modifier::REVERSED));
        frame.render_widget(Paragraph::new(title), head);
        let items = if body.width >= WIDE {
            let [items, side] = Layout::horizontal([Constraint::Min(1), Constraint::Length(SIDE)]).areas(body);
            self.draw_side(frame, side);
            items
        } else {
            let facts = self.facts().into_iter().map(|(name, value)| format!("{name} {value}"));
            let lines = joined(facts, body.width);
            let rows = u16::try_from(lines.len()).unwrap_or(1);
            let [top, items] = Layout::vertical([Constraint::Length(rows + 1), Constraint::Min(1)]).areas(body);
            let facts = Paragraph::new(lines.join("\n")).style(Style::new().add_modifier(Modifier::DIM));
            frame.render_widget(facts, top);
            items
        };
        if self.cards.len() == 0 {
            frame.render_widget(Paragraph::new("no items yet"), items);
        } else {
            self.cards.draw(frame, items);
        }
        frame.render_widget(Paragraph::new(KEYS).style(Style::new().add_modifier(Modifier::DIM)), foot);
    }

    /// Draws the rates, facts and rules beside the items.
    fn draw_side(&self, frame: &mut Frame<'_>, area: Rect) {
        let block = Block::new().borders(Borders::LEFT);
        let inner = block.inner(area);
        frame.render_widget(block, area);
        let facts = self.facts();
        let rows = u16::try_from(facts.len()).unwrap_or(u16::MAX);
        let [chart, values, rules] =
            Layout::vertical([Constraint::Length(5), Constraint::Length(rows + 1), Constraint::Min(0)]).areas(inner);
        // The newest second is at the right.
        let newest = self.rates.iter().take(usize::from(chart.width)).copied();
        let mut rates: Vec<u64> = newest.collect();
        rates.resize(usize::from(chart.width), 0);
        rates.reverse();
        frame.render_widget(Sparkline::default().data(&rates).style(Style::new().fg(Color::Cyan)), chart);
        let dimmed = Style::new().add_modifier(Modifier::DIM);
        let line = |(name, value): (&'static str, String)| {
            Line::from(vec![Span::styled(format!(" {name:<12}"), dimmed), Span::raw(value)])
        };
        frame.render_widget(Paragraph::new(facts.into_iter().map(line).collect::<Vec<_>>()), values);
        let rule = |rule: &CountedRule| {
            Line::from(vec![Span::raw(format!(" {:>6}  ", rule.items)), Span::styled(rule.name.clone(), dimmed)])
        };
        let mut lines: Vec<Line<'_>> = self.rules.iter().map(rule).collect();
        if !lines.is_empty() {
            let title = plural(self.rules.len() as u64, "rule");
            lines.insert(0, Line::from(Span::styled(format!(" {title}"), dimmed)));
        }
        frame.render_widget(Paragraph::new(lines), rules);
    }
}

/// Returns the card of a post of a stream, whose counts are all zero.
fn post_card(delivery: &Delivery<Post>, post: &Post) -> Card {
    let author = delivery.includes.author_of(post);
    let time = post.created_at.map(Timestamp::to_time_of_day);
    let tags = delivery.matching_rules.iter().filter_map(|rule| rule.tag.as_deref()).filter(|tag| !tag.is_empty());
    let tags: BTreeSet<&str> = tags.collect();
    Card {
        title: author.map_or_else(|| "post".to_owned(), |user| format!("@{}", user.username)),
        facts: time.into_iter().chain(tags.into_iter().map(|tag| format!("[{tag}]"))).collect(),
        body: post.full_text().to_owned(),
        ..Card::default()
    }
}

/// Reader of a stream that draws it.
pub(super) struct Watcher {
    client: Client,
    stream: StreamName,
    screen: Screen,
    view: StreamView,
}

impl Watcher {
    pub(super) fn new(client: Client, stream: StreamName, screen: Screen, view: StreamView) -> Self {
        Self { client, stream, screen, view }
    }

    /// Shows the stream until it ends or the user quits.
    async fn watch(&mut self, live: &mut impl LineStream) -> Result<(), CliError> {
        let mut frames = tokio::time::interval(FRAME);
        let mut frame = 0_u32;
        loop {
            tokio::select! {
                event = live.next() => {
                    let Some((_, event)) = event else { return Ok(()) };
                    self.view.event(self.stream, &event);
                    if let LiveEvent::Ended(why) = event {
                        return Err(why.into());
                    }
                    // The items of a frame are drawn together.
                    continue;
                }
                _ = frames.tick() => {
                    self.view.stats = live.stats();
                    self.view.cost = self.client.spent().run;
                    self.view.limits = self.client.rate_limits();
                    frame += 1;
                    if frame.is_multiple_of(FRAMES) {
                        self.view.tick();
                    }
                }
                input = self.screen.input() => match input {
                    Input::Quit | Input::Key(KeyCode::Char('q') | KeyCode::Esc) => return Ok(()),
                    Input::Key(KeyCode::Char('p')) => self.view.is_paused = !self.view.is_paused,
                    Input::Key(KeyCode::Char('o') | KeyCode::Enter) => {
                        if let Some(problem) = self.view.cards.open_selected() {
                            self.view.state = problem;
                        }
                    }
                    Input::Key(key) => drop(self.view.cards.handle_key(key)),
                    Input::Notice(text) => self.view.state = one_line(&text),
                    Input::Resize => {}
                },
            }
            self.screen.draw(|frame| self.view.draw(frame))?;
        }
    }
}

impl StreamReader for Watcher {
    async fn read(mut self, mut live: impl LineStream, partitions: usize) -> Result<(), CliError> {
        self.view.partitions = partitions as u64;
        let outcome = self.watch(&mut live).await;
        live.close().await;
        outcome
    }
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;
    use serde_json::json;

    use super::*;

    /// A post of 2026-01-31 at noon, which matched these rules.
    fn post(n: u64, text: &str, rules: &[&str]) -> LiveEvent<Bytes> {
        let rules: Vec<_> = rules.iter().map(|id| json!({"id": id, "tag": "birds"})).collect();
        let line = json!({
            "data": {
                "id": n.to_string(), "text": text, "author_id": "7", "created_at": format!("2026-01-31T12:00:{n:02}.000Z"),
            },
            "includes": {"users": [{"id": "7", "name": "Robin", "username": "robin"}]},
            "matching_rules": rules,
        });
        LiveEvent::Item(Bytes::from(line.to_string()))
    }

    fn view() -> StreamView {
        let mut view = StreamView::new("filtered");
        let rule =
            |id: &str, value: &str, tag: &str| serde_json::from_value(json!({"id": id, "value": value, "tag": tag}));
        view.set_rules(vec![rule("1", "heron has:images", "birds").unwrap(), rule("2", "lang:en cats", "").unwrap()]);
        view.event(StreamName::Filtered, &LiveEvent::Live);
        view.event(StreamName::Filtered, &post(1, "A heron \u{1b}[2J waits by the water", &["1"]));
        view.event(
            StreamName::Filtered,
            &post(2, "白鷺が水辺で待っています。 👩‍👩‍👧 and the gulls are early this year", &["1", "2"]),
        );
        view.stats.items = 2;
        view.stats.connections = 3;
        view.stats.duplicates = 4;
        view.tick();
        view
    }

    fn screen(view: &mut StreamView, width: u16, height: u16) -> Vec<String> {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| view.draw(frame)).unwrap();
        let buffer = terminal.backend().buffer();
        let rows = buffer.content().chunks(usize::from(width));
        rows.map(|row| row.iter().map(|cell| cell.symbol()).collect::<String>().trim_end().to_owned()).collect()
    }

    #[test]
    fn a_narrow_screen_has_the_facts_above_the_items() {
        assert_eq!(
            screen(&mut view(), 40, 14),
            [
                "filtered  live",
                "items 2  per second 2  lag –  gaps 0",
                "reconnects 2  duplicates 4  cost $0.00",
                "",
                "▌ @robin  12:00:02  [birds]",
                "▌ 白 鷺 が 水 辺 で 待 っ て い ま す 。  👩‍👩‍👧  and the",
                "▌ gulls are early this year",
                "",
                "  @robin  12:00:01  [birds]",
                "  A heron [2J waits by the water",
                "",
                "",
                "",
                "j/k select  g newest  p pause  o open  q",
            ]
        );
    }

    #[test]
    fn a_wide_screen_has_rates_facts_and_rules_beside_the_items() {
        let rows = screen(&mut view(), 100, 24);
        let side: Vec<&str> = rows.iter().filter_map(|row| row.split_once('│')).map(|(_, side)| side.trim()).collect();
        assert!(side[0].ends_with('█'), "the newest rate is at the right: {rows:#?}");
        assert_eq!(
            side[5..15],
            [
                "items       2",
                "per second  2",
                "lag         –",
                "gaps        0",
                "reconnects  2",
                "duplicates  4",
                "cost        $0.00",
                "",
                "2 rules",
                "2  birds",
            ]
        );
        assert_eq!(side[15], "1  lang:en cats");
    }

    #[test]
    fn the_selected_item_stays_selected_when_items_arrive() {
        let mut view = view();
        assert!(view.cards.handle_key(KeyCode::Char('j')));
        view.event(StreamName::Filtered, &post(3, "The third", &[]));
        let rows = screen(&mut view, 40, 14);
        let selected: Vec<_> = rows.iter().filter(|row| row.starts_with('▌')).collect();
        assert_eq!(selected, ["▌ @robin  12:00:01  [birds]", "▌ A heron [2J waits by the water"]);
        view.is_paused = true;
        view.event(StreamName::Filtered, &post(4, "The fourth", &["2"]));
        assert!(!screen(&mut view, 100, 30).concat().contains("The fourth"));
        assert_eq!(view.rules[1].items, 2, "rules are counted while the items are paused");
    }

    #[test]
    fn gaps_and_items_that_are_not_posts_are_shown() {
        let mut view = StreamView::new("likes");
        assert!(screen(&mut view, 60, 10).contains(&"no items yet".to_owned()));
        let time = SystemClock.now();
        view.event(StreamName::Likes, &LiveEvent::Gap { from: time, to: time, fill: chirrup::GapFill::Backfill });
        view.event(StreamName::Likes, &LiveEvent::Item(Bytes::from_static(b"{\"data\":{\"id\":\"like-1\"}}")));
        let rows = screen(&mut view, 60, 12);
        assert!(rows[0].starts_with("likes  gap from"), "{rows:#?}");
        assert!(rows.concat().contains("gaps 1") && rows.concat().contains("like-1"), "{rows:#?}");
    }
}
