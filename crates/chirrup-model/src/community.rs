//! Communities of users.

use crate::id::CommunityId;
use crate::into_param::id_of;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// Field of a community, for `community_fields`.
    CommunityField {
        Access = "access",
        CreatedAt = "created_at",
        Description = "description",
        Id = "id",
        JoinPolicy = "join_policy",
        MemberCount = "member_count",
        Name = "name",
    }
}

wire_struct! {
    /// A community of API v2.
    ///
    /// `id` is always present. Every other field is present only if it was requested with `community_fields` and has a value.
    Community {
        /// ID of the community.
        id: CommunityId,
        ;
        /// Name of the community.
        name: String,
        /// Description of the community.
        description: String,
        /// Who can see the posts, such as `Public`.
        access: String,
        /// Who can join, such as `Open`.
        join_policy: String,
        /// Number of members of the community.
        member_count: u64,
        /// Creation time, as X sends it.
        created_at: String,
    }
}

id_of! { Community: CommunityId }
