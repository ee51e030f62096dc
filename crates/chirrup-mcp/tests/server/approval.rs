//! Approval by the person at the client.

use std::sync::{Arc, Mutex};

use chirrup::{Access, Client};
use chirrup_mcp::Options;
use rmcp::model::{
    ClientCapabilities, ClientConfig, ElicitRequestParams, ElicitResult, ElicitationAction, Implementation,
};
use rmcp::service::RequestContext;
use rmcp::{ClientHandler, ErrorData, RoleClient};
use serde_json::json;

use crate::{Agent, Started, connect, connect_stateless, start, with_options};

/// Starts a server that publishes only with the approval of a person.
fn start_asking() -> Started {
    start(Client::builder().access(Access::write()), Options::default().require_approval())
}

/// A person who decides the same each time, and remembers the questions.
#[derive(Clone)]
struct Person {
    decision: ElicitationAction,
    questions: Arc<Mutex<Vec<String>>>,
}

impl ClientHandler for Person {
    fn get_info(&self) -> ClientConfig {
        let capabilities = ClientCapabilities::builder().enable_elicitation().build();
        ClientConfig::new(capabilities, Implementation::new("test", "1"))
    }

    async fn create_elicitation(
        &self,
        request: ElicitRequestParams,
        _: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        let ElicitRequestParams::FormElicitationParams { message, .. } = request else { panic!("{request:?}") };
        self.questions.lock().unwrap().push(message);
        Ok(ElicitResult::new(self.decision.clone()))
    }
}

async fn with_person(decision: ElicitationAction) -> (Agent<Person>, Arc<Mutex<Vec<String>>>) {
    let questions = Arc::default();
    let person = Person { decision, questions: Arc::clone(&questions) };
    (connect(start_asking(), person).await, questions)
}

#[tokio::test]
async fn the_person_sees_the_text_and_decides() {
    let (agent, questions) = with_person(ElicitationAction::Accept).await;
    let draft = agent.call("draft", json!({"action": "post", "text": "a heron"})).await;
    agent.call("publish", json!({"code": draft["confirm_code"], "text": "a heron"})).await;
    assert_eq!(*questions.lock().unwrap(), ["As @ada, for $0.015: create a post:\n\na heron"]);
    assert_eq!(agent.writes(), 1);
}

#[tokio::test]
async fn a_refused_draft_is_discarded() {
    for decision in [ElicitationAction::Decline, ElicitationAction::Cancel] {
        let (agent, questions) = with_person(decision).await;
        let draft = agent.call("draft", json!({"action": "post", "text": "a heron"})).await;
        for _ in 0..2 {
            agent.refused("publish", json!({"code": draft["confirm_code"], "text": "a heron"})).await;
        }
        assert_eq!((questions.lock().unwrap().len(), agent.writes()), (1, 0));
    }
}

#[tokio::test]
async fn a_client_without_questions_cannot_publish_where_approval_is_required() {
    let agent = with_options(Access::write(), Options::default().require_approval()).await;
    let draft = agent.call("draft", json!({"action": "post", "text": "a heron"})).await;
    let refused = agent.refused("publish", json!({"code": draft["confirm_code"], "text": "a heron"})).await;
    assert!(refused["error"]["hint"].as_str().unwrap().contains("--require-approval"), "{refused}");
    assert_eq!(agent.writes(), 0);
}

#[tokio::test]
async fn a_client_of_the_stateless_protocol_repeats_the_call_with_the_decision() {
    for decision in [ElicitationAction::Accept, ElicitationAction::Decline] {
        let questions = Arc::default();
        let person = Person { decision: decision.clone(), questions: Arc::clone(&questions) };
        let agent = connect_stateless(start_asking(), person).await;
        let draft = agent.call("draft", json!({"action": "post", "text": "a heron"})).await;
        let outcome = agent.try_call("publish", json!({"code": draft["confirm_code"], "text": "a heron"})).await;
        let accepted = decision == ElicitationAction::Accept;
        assert_eq!((outcome.is_ok(), agent.writes()), (accepted, usize::from(accepted)), "{outcome:?}");
        assert_eq!(questions.lock().unwrap().len(), 1);
    }
}
