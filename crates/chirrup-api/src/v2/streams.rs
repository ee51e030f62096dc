//! Rules of the filtered stream, and connections to streams.

use chirrup_model::{
    ClosedConnections, Connection, ConnectionField, ConnectionState, Deleted, Provisioned, Rule, RuleCounts, RuleId,
    StreamEndpoint, StreamLink, WebhookId,
};
use serde_json::Value as Json;

crate::endpoints! {
    STREAMS on Client;

    /// Lists the rules of the filtered stream.
    rules -> GetRules = GET "/2/tweets/search/stream/rules" => Vec<Rule>;
    auth App;
    alias "get_rules";
    query {
        /// Only these rules, up to 1,000.
        ids: Vec<RuleId>, in 1..=1000;
        /// How many a page holds: 1 to 1000.
        max_results: u32, in 1..=1000;
    }
    with PAGE;

    /// Adds or deletes rules of the filtered stream, up to 1,000 at once.
    update_rules -> UpdateRules = POST "/2/tweets/search/stream/rules" => Vec<Rule>;
    auth App;
    alias "add_rules", "delete_rules";
    query {
        /// Whether only to try it.
        dry_run: bool;
        /// Whether to delete every rule.
        delete_all: bool;
    }
    body {
        /// Rules to add: `[{"value": "…", "tag": "…"}]`.
        add_rules = "add": Json;
        /// Rules to delete: `{"ids": […]}` or `{"values": […]}`.
        delete_rules = "delete": Json;
    }

    /// Tells how many rules there are, and may be.
    rule_counts -> GetRuleCounts = GET "/2/tweets/search/stream/rules/counts" => RuleCounts;
    auth App;
    query {
        /// Fields of the counts.
        rules_count_fields = "rules_count.fields": String;
    }

    /// Lists open and closed connections to streams.
    connections -> Connections = GET "/2/connections" => Vec<Connection>;
    auth App;
    query {
        /// Only those in this state.
        status: ConnectionState;
        /// Only connections to these streams.
        endpoints: Vec<StreamEndpoint>;
        /// How many a page holds: 1 to 100.
        max_results: u32, in 1..=100;
        /// Fields of connections.
        connection_fields = "connection.fields": Vec<ConnectionField>;
    }
    with PAGE;

    /// Closes connections to streams by their ids.
    close_connections -> CloseConnections = DELETE "/2/connections" => ClosedConnections;
    auth App;
    sends { ids = "uuids": Vec<String>, in 1..=100; }

    /// Closes every connection to a stream.
    close_all_connections -> CloseAllConnections = DELETE "/2/connections/all" => ClosedConnections;
    auth App;

    /// Closes every connection to one stream.
    close_connections_to -> CloseConnectionsTo = DELETE "/2/connections/{endpoint_id}" => ClosedConnections;
    auth App;
    path { stream = "endpoint_id": StreamEndpoint }

    /// Lists the webhooks to which the filtered stream goes.
    stream_links -> StreamLinks = GET "/2/tweets/search/webhooks" => Vec<StreamLink>;
    auth App;

    /// Lets the filtered stream go to a webhook.
    create_stream_link -> CreateStreamLink = POST "/2/tweets/search/webhooks/{webhook_id}" => Provisioned;
    auth App;
    path { webhook = "webhook_id": WebhookId }

    /// Lets the filtered stream go to a webhook no longer.
    delete_stream_link -> DeleteStreamLink = DELETE "/2/tweets/search/webhooks/{webhook_id}" => Deleted;
    auth App;
    path { webhook = "webhook_id": WebhookId }
}
