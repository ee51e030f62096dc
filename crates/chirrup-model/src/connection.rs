//! Connections to streams.

use crate::time::Timestamp;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// Field of a connection, for `connection_fields`.
    ConnectionField {
        ClientIp = "client_ip",
        ConnectedAt = "connected_at",
        DisconnectReason = "disconnect_reason",
        DisconnectedAt = "disconnected_at",
        EndpointName = "endpoint_name",
        Id = "id",
    }

    /// State of the connections to list, for `status`.
    ConnectionState {
        Active = "active",
        Inactive = "inactive",
        All = "all",
    }

    /// Stream that a connection belongs to.
    StreamEndpoint {
        Filtered = "filtered_stream",
        Sample = "sample_stream",
        Sample10 = "sample10_stream",
        Firehose = "firehose_stream",
        PostsCompliance = "tweets_compliance_stream",
        UsersCompliance = "users_compliance_stream",
        PostLabels = "tweet_label_stream",
        FirehoseEn = "firehose_stream_lang_en",
        FirehoseJa = "firehose_stream_lang_ja",
        FirehoseKo = "firehose_stream_lang_ko",
        FirehosePt = "firehose_stream_lang_pt",
        LikesFirehose = "likes_firehose_stream",
        LikesSample10 = "likes_sample10_stream",
        LikesCompliance = "likes_compliance_stream",
    }
}

wire_struct! {
    /// A connection to a stream, open or closed.
    Connection {
        ;
        /// ID of the connection.
        id: String,
        /// Stream that the connection belongs to.
        endpoint_name: StreamEndpoint,
        /// Start time of the connection.
        connected_at: Timestamp,
        /// End time of the connection.
        disconnected_at: Timestamp,
        /// Reason for the end of the connection.
        disconnect_reason: String,
        /// IP address of the client.
        client_ip: String,
    }

    /// Response to closing connections.
    ClosedConnections {
        ;
        /// Number of connections that were closed.
        successful_kills: u64,
        /// Number of connections that could not be closed.
        failed_kills: u64,
        /// Result for each connection.
        results: Vec<ClosedConnection>,
    }

    /// Result of closing one connection.
    ClosedConnection {
        ;
        /// ID of the connection.
        uuid: String,
        /// Whether the connection was closed.
        success: bool,
        /// Reason why the connection could not be closed.
        error_message: String,
    }
}
