//! A reader of posts: a list with keys to like, repost, bookmark, reply and open.

use chirrup::model::{Post, PostId};
use chirrup::{BoxFuture, Client, Clock as _, Error, Pages, Response, SystemClock};
use ratatui::Frame;
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::{Constraint, Layout};
use ratatui::style::{Modifier, Style};
use ratatui::widgets::Paragraph;

use super::cards::Cards;
use super::replies::{Draft, Edit};
use super::screen::{Input, Screen};
use crate::error::CliError;
use crate::print::{TableItem as _, one_line, plural};

const KEYS: &str = "j/k select  o open  l like  t repost  b bookmark  r reply  R reload  q quit";
const LIKED: &str = "♥ liked";
const REPOSTED: &str = "↻ reposted";
const BOOKMARKED: &str = "bookmarked";

/// A request that a key starts.
#[derive(Debug, PartialEq, Eq)]
enum Request {
    Quit,
    NextPage,
    Set(PostId, Mark, bool),
    Reply(PostId, String),
}

/// What the user has done with a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Like,
    Repost,
    Bookmark,
}

impl Mark {
    fn fact(self) -> &'static str {
        match self {
            Self::Like => LIKED,
            Self::Repost => REPOSTED,
            Self::Bookmark => BOOKMARKED,
        }
    }
}

/// The answer to a request.
enum Answer {
    Page(Box<Pages<Vec<Post>>>, Option<Result<Box<Response<Vec<Post>>>, Error>>),
    Set(PostId, Mark, bool, Result<bool, Error>),
    Replied(Result<PostId, Error>),
}

/// A reader of pages of posts.
pub(super) struct Reader {
    title: String,
    client: Client,
    /// `None` while a page is requested.
    pages: Option<Box<Pages<Vec<Post>>>>,
    /// Returns the pages from the first one.
    first: Box<dyn Fn() -> Pages<Vec<Post>>>,
    has_more: bool,
    cards: Cards,
    message: String,
    draft: Option<Draft>,
}

impl Reader {
    pub(super) fn new(title: &str, client: Client, first: impl Fn() -> Pages<Vec<Post>> + 'static) -> Self {
        Self {
            title: one_line(title),
            client,
            pages: Some(Box::new(first())),
            first: Box::new(first),
            has_more: true,
            cards: Cards::default(),
            message: "loading".to_owned(),
            draft: None,
        }
    }

    /// Shows the posts until the user quits.
    pub(super) async fn run(mut self, mut screen: Screen) -> Result<(), CliError> {
        let mut pending = self.start(Request::NextPage);
        loop {
            screen.draw(|frame| self.draw(frame))?;
            let answer = async {
                match &mut pending {
                    Some(answer) => answer.await,
                    None => std::future::pending().await,
                }
            };
            let request = tokio::select! {
                answer = answer => {
                    pending = None;
                    self.finish(answer)?;
                    continue;
                }
                input = screen.input() => match input {
                    Input::Key(key) => self.handle_key(key),
                    Input::Notice(text) => {
                        self.message = one_line(&text);
                        None
                    }
                    Input::Resize => None,
                    Input::Quit => return Ok(()),
                },
            };
            match request {
                None => {}
                Some(Request::Quit) => return Ok(()),
                Some(_) if pending.is_some() => "wait for the last request".clone_into(&mut self.message),
                Some(request) => pending = self.start(request),
            }
        }
    }

    /// Sends a request. Its answer is awaited beside the keys.
    fn start(&mut self, request: Request) -> Option<BoxFuture<Answer>> {
        let client = self.client.clone();
        match request {
            Request::Quit => None,
            Request::NextPage => {
                let mut pages = self.pages.take()?;
                "loading".clone_into(&mut self.message);
                Some(Box::pin(async move {
                    let page = pages.next_page().await;
                    Answer::Page(pages, page.map(|page| page.map(Box::new)))
                }))
            }
            Request::Set(post, mark, is_set) => {
                "sending".clone_into(&mut self.message);
                Some(Box::pin(async move { Answer::Set(post, mark, is_set, set(&client, post, mark, is_set).await) }))
            }
            Request::Reply(to, text) => {
                "sending".clone_into(&mut self.message);
                Some(Box::pin(async move {
                    let sent = client.post(to).reply(text).await;
                    Answer::Replied(sent.map(|response| response.data.id))
                }))
            }
        }
    }

    /// Takes an answer. The first page has to arrive; later failures are shown.
    fn finish(&mut self, answer: Answer) -> Result<(), CliError> {
        self.message = match answer {
            Answer::Page(pages, page) => {
                self.pages = Some(pages);
                match page {
                    None => {
                        self.has_more = false;
                        "no more posts".to_owned()
                    }
                    Some(Ok(page)) => {
                        self.add(&page);
                        String::new()
                    }
                    Some(Err(error)) if self.cards.len() == 0 => return Err(error.into()),
                    Some(Err(error)) => one_line(&error.to_string()),
                }
            }
            Answer::Set(post, mark, wanted, Ok(is_set)) => {
                self.cards.set_fact(post, mark.fact(), is_set);
                if is_set == wanted { String::new() } else { format!("the server answered `{is_set}`") }
            }
            Answer::Replied(Ok(id)) => {
                self.draft = None;
                format!("posted {id}")
            }
            Answer::Set(.., Err(error)) | Answer::Replied(Err(error)) => one_line(&error.to_string()),
        };
        Ok(())
    }

    fn add(&mut self, page: &Response<Vec<Post>>) {
        let now = SystemClock.now();
        for post in &page.data {
            self.cards.add_oldest(post.id, post.card(&page.includes, now));
        }
    }

    fn handle_key(&mut self, key: KeyCode) -> Option<Request> {
        if let Some(draft) = &mut self.draft {
            self.message.clear();
            match draft.handle_key(key) {
                Edit::Continue => return None,
                Edit::Cancel => self.draft = None,
                Edit::Send => match draft.problem() {
                    Some(problem) => self.message = format!("text {problem}"),
                    // The draft is kept until the reply is posted.
                    None => return Some(Request::Reply(draft.to, draft.text.clone())),
                },
            }
            return None;
        }
        let was_at_end = self.cards.is_at_end();
        if self.cards.handle_key(key) {
            return (was_at_end && self.cards.is_at_end() && self.has_more).then_some(Request::NextPage);
        }
        match key {
            KeyCode::Char('q') | KeyCode::Esc => return Some(Request::Quit),
            KeyCode::Char('R') => {
                self.cards.clear();
                self.pages = Some(Box::new((self.first)()));
                self.has_more = true;
                return Some(Request::NextPage);
            }
            _ => {}
        }
        let post = self.cards.post()?;
        let toggle = |mark: Mark| Some(Request::Set(post, mark, !self.cards.has_fact(post, mark.fact())));
        match key {
            KeyCode::Char('l') => toggle(Mark::Like),
            KeyCode::Char('t') => toggle(Mark::Repost),
            KeyCode::Char('b') => toggle(Mark::Bookmark),
            KeyCode::Char('r') => {
                self.draft = Some(Draft::new(post));
                None
            }
            KeyCode::Char('o') | KeyCode::Enter => {
                self.message = self.cards.open_selected().unwrap_or_default();
                None
            }
            _ => None,
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>) {
        let [head, body, foot] =
            Layout::vertical([Constraint::Length(1), Constraint::Min(1), Constraint::Length(1)]).areas(frame.area());
        let (posts, cost) = (plural(self.cards.len() as u64, "post"), self.client.spent().run);
        let head_line = format!("{}  {posts}  {cost}  {}", self.title, self.limit());
        frame.render_widget(Paragraph::new(head_line).style(Style::new().add_modifier(Modifier::REVERSED)), head);
        self.cards.draw(frame, body);
        let line = match &self.draft {
            Some(draft) if self.message.is_empty() => draft.line(foot.width),
            _ if self.message.is_empty() => KEYS.to_owned(),
            _ => self.message.clone(),
        };
        frame.render_widget(Paragraph::new(line).style(Style::new().add_modifier(Modifier::DIM)), foot);
    }

    /// The rate limit with the smallest rest.
    fn limit(&self) -> String {
        let limits = self.client.rate_limits();
        let least =
            limits.iter().min_by_key(|limit| u64::from(limit.remaining) * 1_000 / u64::from(limit.limit.max(1)));
        least.map_or_else(String::new, |limit| format!("{}/{} requests left", limit.remaining, limit.limit))
    }
}

/// Sets or removes a mark. Returns whether the post has it now.
async fn set(client: &Client, post: PostId, mark: Mark, is_set: bool) -> Result<bool, Error> {
    let post = client.post(post);
    Ok(match (mark, is_set) {
        (Mark::Like, true) => post.like().await?.data.liked,
        (Mark::Like, false) => post.unlike().await?.data.liked,
        (Mark::Repost, true) => post.repost().await?.data.reposted,
        (Mark::Repost, false) => post.undo_repost().await?.data.reposted,
        (Mark::Bookmark, true) => post.bookmark().await?.data.bookmarked,
        (Mark::Bookmark, false) => post.remove_bookmark().await?.data.bookmarked,
    })
}

#[cfg(test)]
mod tests {
    use chirrup_sandbox::Sandbox;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::*;

    fn client(sandbox: &Sandbox) -> Client {
        let builder = Client::builder().credentials(sandbox.credentials().unwrap());
        builder.base_url(sandbox.url()).build().unwrap()
    }

    fn reader(sandbox: &Sandbox) -> Reader {
        let client = client(sandbox);
        let call = client.home_timeline().max_results(10);
        let mut reader = Reader::new("home timeline", client, move || call.clone().pages());
        reader.message.clear();
        reader
    }

    /// Presses keys, and waits for the answers to the requests that they start.
    async fn press(reader: &mut Reader, keys: &str) {
        for key in keys.chars() {
            let key = if key == '\n' { KeyCode::Enter } else { KeyCode::Char(key) };
            if let Some(answer) = reader.handle_key(key).and_then(|request| reader.start(request)) {
                let answer = answer.await;
                reader.finish(answer).unwrap();
            }
        }
    }

    fn screen(reader: &mut Reader) -> String {
        let mut terminal = Terminal::new(TestBackend::new(80, 20)).unwrap();
        terminal.draw(|frame| reader.draw(frame)).unwrap();
        let cells = terminal.backend().buffer().content().chunks(80);
        cells.map(|row| row.iter().map(|cell| cell.symbol()).collect::<String>().trim_end().to_owned() + "\n").collect()
    }

    #[tokio::test]
    async fn pages_are_read_at_the_end_of_the_list() {
        let sandbox = Sandbox::builder().users(20).posts(300).start().unwrap();
        let mut reader = reader(&sandbox);
        press(&mut reader, "R").await;
        assert_eq!(reader.cards.len(), 10);
        let first = screen(&mut reader);
        assert!(first.starts_with("home timeline  10 posts  $0."), "{first}");
        assert!(first.contains("▌ ") && first.contains("x.com/i/status/") && first.contains("l like"), "{first}");
        press(&mut reader, "G").await;
        assert_eq!(reader.cards.len(), 10, "the last post is read before the next page is paid for");
        press(&mut reader, "j").await;
        assert_eq!(reader.cards.len(), 20);
        press(&mut reader, "jj").await;
        assert!(screen(&mut reader).contains("▌ "), "the selected post is visible");
    }

    #[tokio::test]
    async fn keys_like_repost_bookmark_and_reply() {
        let sandbox = Sandbox::builder().users(20).posts(300).start().unwrap();
        let mut reader = reader(&sandbox);
        press(&mut reader, "Rj").await;
        let post = reader.cards.post().unwrap();
        press(&mut reader, "ltb").await;
        let marked = screen(&mut reader);
        for fact in [LIKED, REPOSTED, BOOKMARKED] {
            assert!(marked.contains(fact), "{marked}");
        }
        let client = client(&sandbox);
        let me = client.me().await.unwrap();
        let likers = client.liking_users(post).await.unwrap().data;
        assert!(likers.iter().any(|user| user.id == me));
        press(&mut reader, "l").await;
        assert!(!screen(&mut reader).contains(LIKED));
        press(&mut reader, "rquite so").await;
        assert!(screen(&mut reader).contains("reply (272): quite so▏"), "{}", screen(&mut reader));
        press(&mut reader, "\n").await;
        let written = screen(&mut reader);
        let id: PostId = written.lines().last().unwrap().strip_prefix("posted ").unwrap().parse().unwrap();
        let reply = client.get_post(id).post_fields(["referenced_tweets"]).await.unwrap();
        assert_eq!(reply.data.text, "quite so");
        assert_eq!(reply.json()["data"]["referenced_tweets"][0]["id"], post.to_string());
    }

    #[tokio::test]
    async fn a_text_that_is_too_long_is_not_sent_and_a_failure_keeps_the_draft() {
        let sandbox = Sandbox::builder().users(20).posts(300).start().unwrap();
        let mut reader = reader(&sandbox);
        press(&mut reader, "Rr").await;
        press(&mut reader, &"x".repeat(281)).await;
        press(&mut reader, "\n").await;
        assert!(reader.draft.is_some() && screen(&mut reader).contains("text "), "{}", screen(&mut reader));
        press(&mut reader, "q").await;
        assert!(reader.draft.as_ref().unwrap().text.ends_with("xq"), "keys are text while a reply is written");
        assert!(matches!(reader.draft.as_mut().unwrap().handle_key(KeyCode::Backspace), Edit::Continue));
        assert!(reader.handle_key(KeyCode::Esc).is_none() && reader.draft.is_none());
        assert_eq!(reader.handle_key(KeyCode::Char('q')), Some(Request::Quit));
    }
}
