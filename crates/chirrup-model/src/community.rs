//! Communities, news, trends, and the usage of an app.

use serde_json::Value as Json;

use crate::id::{CommunityId, NewsId, PostId};
use crate::into_param::id_of;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// A field of a community, for `community_fields`.
    CommunityField {
        Access = "access",
        CreatedAt = "created_at",
        Description = "description",
        Id = "id",
        JoinPolicy = "join_policy",
        MemberCount = "member_count",
        Name = "name",
    }

    /// A field of a story, for `news_fields`.
    NewsField {
        Category = "category",
        ClusterPostsResults = "cluster_posts_results",
        Contexts = "contexts",
        Disclaimer = "disclaimer",
        Hook = "hook",
        Id = "id",
        Keywords = "keywords",
        Name = "name",
        Summary = "summary",
        UpdatedAt = "updated_at",
    }

    /// A field of a trend, for `trend_fields`.
    TrendField {
        TrendName = "trend_name",
        TweetCount = "tweet_count",
    }

    /// A field of a trend around you, for `personalized_trend_fields`.
    PersonalizedTrendField {
        Category = "category",
        PostCount = "post_count",
        TrendName = "trend_name",
        TrendingSince = "trending_since",
    }

    /// A field of the usage, for `usage_fields`.
    UsageField {
        CapResetDay = "cap_reset_day",
        DailyClientAppUsage = "daily_client_app_usage",
        DailyProjectUsage = "daily_project_usage",
        ProjectCap = "project_cap",
        ProjectId = "project_id",
        ProjectUsage = "project_usage",
    }
}

wire_struct! {
    /// A community. Its id is always there; every other field only if it was asked for.
    Community {
        /// Its id.
        id: CommunityId,
        ;
        /// What it is called.
        name: String,
        /// What it is about.
        description: String,
        /// Who may read it, such as `Public`.
        access: String,
        /// Who may join it, such as `Open`.
        join_policy: String,
        /// How many belong to it.
        member_count: u64,
        /// When it was made, as X writes it.
        created_at: String,
    }

    /// A story that posts tell. Its id is always there; every other field only if it was asked for.
    News {
        /// Its id.
        id: NewsId,
        ;
        /// Its headline.
        name: String,
        /// What happened.
        summary: String,
        /// Why one should read on.
        hook: String,
        /// The part of the paper that it belongs to.
        category: String,
        /// What the machine that wrote it says of itself.
        disclaimer: String,
        /// When it was last changed, as X writes it.
        updated_at: String,
        /// Posts about it.
        cluster_posts_results: Vec<NewsPost>,
        /// Topics, people and places in it.
        contexts: Json,
        /// Words by which it is found.
        keywords: Json,
    }

    /// A post about a story.
    NewsPost {
        /// Its id.
        post_id: PostId,
    }

    /// What is talked about at a place.
    Trend {
        ;
        /// The words.
        trend_name: String,
        /// How many posts hold them.
        post_count = "tweet_count" or "post_count": u64,
    }

    /// What is talked about around you.
    PersonalizedTrend {
        ;
        /// The words.
        trend_name: String,
        /// What they are about.
        category: String,
        /// How many posts hold them, as X words it.
        post_count: String,
        /// Since when, as X words it.
        trending_since: String,
    }

    /// How much of its month a project has used up.
    Usage {
        ;
        /// The day of the month on which counting begins anew.
        cap_reset_day: u64,
        /// How many posts a month has, as a decimal number.
        project_cap: String,
        /// The project.
        project_id: String,
        /// How many posts were read this month, as a decimal number.
        project_usage: String,
        /// The days of each app.
        daily_client_app_usage: Vec<AppUsage>,
        /// The days of the project.
        daily_project_usage: ProjectUsage,
    }

    /// How much an app used, day by day.
    AppUsage {
        ;
        /// The app.
        client_app_id: String,
        /// Its days.
        usage: Vec<DayUsage>,
        /// How many days there are.
        usage_result_count: u64,
    }

    /// How much a project used, day by day.
    ProjectUsage {
        ;
        /// The project.
        project_id: String,
        /// Its days.
        usage: Vec<DayUsage>,
    }

    /// How much was used on one day.
    DayUsage {
        ;
        /// The day, as X writes it.
        date: String,
        /// How many posts were read, as a decimal number.
        usage: String,
    }
}

id_of! { Community: CommunityId, News: NewsId }
