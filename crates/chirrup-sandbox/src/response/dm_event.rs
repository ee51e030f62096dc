//! Direct messages as events.

use serde_json::{Value as Json, json};

use super::rendered_text::RenderedText;
use crate::world::World;

/// Returns the event of a direct message, without ID and time: the delivered text with its entities, and the text itself for
/// v1.1. The links in the text can be resolved then.
pub(crate) fn dm_event(world: &World, sender: u64, conversation: &str, text: &str) -> rusqlite::Result<Json> {
    let rendered = RenderedText::of_text(world, text)?;
    world.add_links_in(text)?;
    let mut event = json!({
        "event_type": "MessageCreate", "text": rendered.text, "v1": {"text": text}, "sender_id": sender.to_string(),
        "dm_conversation_id": conversation,
    });
    let entities = rendered.entities_v2();
    if entities != json!({}) {
        event["entities"] = entities;
    }
    Ok(event)
}
