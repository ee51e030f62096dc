//! Connections of the app to streams: lookup and closing.

use chirrup_model::{ClosedConnections, Connection, ConnectionField, ConnectionState, StreamEndpoint};

crate::endpoints! {
    /// # Connections
    ///
    /// List and close the connections of the app to streams.
    CONNECTIONS in v2::connections;

    /// Returns the current and recent connections of the app to streams.
    connections -> Connections = GET "/2/connections" => Vec<Connection>;
    auth App;
    example().status("active").max_results(10);
    query {
        /// State of the connections to return: active, inactive or all.
        status: ConnectionState, default "active";
        /// Streams whose connections to return; all streams by default.
        endpoints: Vec<StreamEndpoint>;
        /// Number of connections per page.
        max_results: u32, in 1..=100, default 10;
        /// Fields of connections to return.
        connection_fields = "connection.fields": Vec<ConnectionField>;
    }
    with PAGE;

    /// Closes up to 100 connections to streams by ID.
    close_connections -> CloseConnections = DELETE "/2/connections" => ClosedConnections;
    auth App;
    example(["8f6b3f1c-5d6e-4f3a-9c1b-2a7d8e9f0a1b"]);
    required body {
        /// IDs of the connections.
        ids = "uuids": Vec<String>, in 1..=100;
    }

    /// Closes all connections of the app to all streams.
    close_all_connections -> CloseAllConnections = DELETE "/2/connections/all" => ClosedConnections;
    auth App;
    example();

    /// Closes all connections of the app to one stream.
    close_connections_to -> CloseConnectionsTo = DELETE "/2/connections/{endpoint_id}" => ClosedConnections;
    auth App;
    example("filtered_stream");
    path {
        /// Stream whose connections to close.
        stream = "endpoint_id": StreamEndpoint,
    }
}
