//! Approval by the person at the client, where the client can ask them.

use chirrup::Cost;
use rmcp::model::{
    ClientResult, ElicitRequest, ElicitRequestParams, ElicitationAction, ElicitationSchema, InputRequest,
    InputRequests, InputRequiredResult, InputResponses, ProtocolVersion, ServerRequest,
};
use rmcp::service::{PeerRequestOptions, RequestContext};
use rmcp::{RoleServer, ServiceError};

use crate::confirmation::CODE_LIFETIME;

/// Key of the question in the requests for input of the protocol since 2026-07-28.
const QUESTION: &str = "approval";

/// What the person decided, or how to ask them.
#[derive(Debug)]
pub(crate) enum Approval {
    Approved,
    /// The person refused, closed the question, or did not answer.
    Refused,
    /// The client cannot ask.
    NotOffered,
    /// The client asks the person and repeats the call with the answer.
    Ask(InputRequiredResult),
}

/// Returns the question to the person.
pub(crate) fn question(what: &str, username: &str, price: Cost) -> String {
    format!("As @{username}, for {price}: {what}")
}

/// Asks the person at the client.
pub(crate) async fn ask(
    context: &RequestContext<RoleServer>,
    responses: Option<InputResponses>,
    question: String,
) -> Approval {
    if let Some(response) = responses.as_ref().and_then(|responses| responses.get(QUESTION)) {
        return if response["action"] == "accept" { Approval::Approved } else { Approval::Refused };
    }
    let offers_forms = context.client_capabilities().and_then(|capabilities| capabilities.elicitation).is_some_and(
        // A client that names no mode offers forms.
        |offered| offered.form.is_some() || offered.url.is_none(),
    );
    if !offers_forms {
        return Approval::NotOffered;
    }
    // The decision is that of the dialog: the form has no fields.
    let Ok(schema) = ElicitationSchema::builder().build() else { return Approval::NotOffered };
    let params = ElicitRequestParams::FormElicitationParams { meta: None, message: question, requested_schema: schema };
    let is_stateless =
        context.protocol_version().is_some_and(|version| version.as_str() >= ProtocolVersion::V_2026_07_28.as_str());
    if is_stateless {
        let mut requests = InputRequests::new();
        requests.insert(QUESTION.to_owned(), InputRequest::Elicitation(ElicitRequest::new(params)));
        return Approval::Ask(InputRequiredResult::from_input_requests(requests));
    }
    match wait_for_answer(context, params).await {
        Ok(ClientResult::ElicitResult(answer)) if answer.action == ElicitationAction::Accept => Approval::Approved,
        _ => Approval::Refused,
    }
}

/// Sends the question to the client, as the feature `elicitation` of `rmcp` does, which needs a parser of URLs.
async fn wait_for_answer(
    context: &RequestContext<RoleServer>,
    params: ElicitRequestParams,
) -> Result<ClientResult, ServiceError> {
    let options = PeerRequestOptions::with_timeout(CODE_LIFETIME);
    let request = ServerRequest::ElicitRequest(ElicitRequest::new(params));
    context.peer.send_request_with_option(request, options).await?.await_response().await
}
