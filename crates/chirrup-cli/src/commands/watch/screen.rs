//! The terminal in full screen: frames, keys and notices.

use std::io::{IsTerminal as _, stdin, stdout};
use std::time::Duration;

use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::{DefaultTerminal, Frame};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

use crate::error::CliError;
use crate::{progress, signals};

/// Interval in which the thread of the keys looks whether the screen is closed.
const POLL: Duration = Duration::from_millis(100);

/// What a person or the program says while the screen is open.
pub(super) enum Input {
    Key(KeyCode),
    /// A message that would otherwise be written to stderr.
    Notice(String),
    /// The screen has another size.
    Resize,
    /// Ctrl-C, or a signal to stop.
    Quit,
}

/// A terminal in full screen. It is restored when the screen is dropped.
pub(super) struct Screen {
    terminal: DefaultTerminal,
    inputs: UnboundedReceiver<Input>,
    shutdown: oneshot::Receiver<()>,
}

impl Screen {
    pub(super) fn open() -> Result<Self, CliError> {
        if !stdin().is_terminal() || !stdout().is_terminal() {
            return Err(CliError::usage("`chirrup watch` needs a terminal")
                .with_hint("use `chirrup stream`, `chirrup home` or `chirrup search` in pipes and scripts"));
        }
        let shutdown = signals::shutdown();
        let terminal = ratatui::try_init().map_err(|why| CliError::stdout(&why))?;
        let (sender, inputs) = unbounded_channel();
        let notices = sender.clone();
        progress::redirect(Some(Box::new(move |text| drop(notices.send(Input::Notice(text))))));
        std::thread::spawn(move || read_events(&sender));
        Ok(Self { terminal, inputs, shutdown })
    }

    pub(super) fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> Result<(), CliError> {
        self.terminal.draw(view).map(drop).map_err(|why| CliError::stdout(&why))
    }

    /// Waits for the next input. A closed terminal ends the screen.
    pub(super) async fn input(&mut self) -> Input {
        tokio::select! {
            input = self.inputs.recv() => input.unwrap_or(Input::Quit),
            _ = &mut self.shutdown => Input::Quit,
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        progress::redirect(None);
        ratatui::restore();
    }
}

/// Reads the events of the terminal until the screen is closed.
fn read_events(sender: &UnboundedSender<Input>) {
    while !sender.is_closed() {
        let event = match event::poll(POLL) {
            Ok(false) => continue,
            Ok(true) => event::read(),
            Err(why) => Err(why),
        };
        let input = match event {
            Ok(event) => input_of(&event),
            // The terminal is gone.
            Err(_) => Some(Input::Quit),
        };
        let is_end = matches!(input, Some(Input::Quit));
        if input.is_some_and(|input| sender.send(input).is_err()) || is_end {
            return;
        }
    }
}

fn input_of(event: &Event) -> Option<Input> {
    match event {
        Event::Key(KeyEvent { code: KeyCode::Char('c'), modifiers, kind: KeyEventKind::Press, .. })
            if modifiers.contains(KeyModifiers::CONTROL) =>
        {
            Some(Input::Quit)
        }
        Event::Key(KeyEvent { code, kind: KeyEventKind::Press | KeyEventKind::Repeat, .. }) => Some(Input::Key(*code)),
        Event::Resize(..) => Some(Input::Resize),
        _ => None,
    }
}
