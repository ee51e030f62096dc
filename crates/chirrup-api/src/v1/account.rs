//! The account, searches that were saved, and what the service says of itself.

use chirrup_model::v1::{Configuration, Language, Policy, RateLimits, SavedSearch, Settings, User};

crate::endpoints! {
    ACCOUNT on V1;

    /// Shows the user who calls, if the credentials are good.
    verify_credentials -> VerifyCredentials = GET "/1.1/account/verify_credentials.json" => User;
    auth User;
    query {
        /// Whether to show the mail address.
        include_email: bool;
    }
    with USER_OPTIONS;

    /// Shows settings of the account.
    settings -> GetSettings = GET "/1.1/account/settings.json" => Settings;
    auth User;
    alias "get_account_settings";

    /// Changes settings of the account.
    update_settings -> UpdateSettings = POST "/1.1/account/settings.json" => Settings;
    auth User;
    alias "update_account_settings";
    form {
        /// Where it is told what is talked about, as a "where on earth" id.
        trend_location_woeid: u64;
        /// Whether not to disturb at some time.
        sleep_time_enabled: bool;
        /// From which hour.
        start_sleep_time: String;
        /// Until which hour.
        end_sleep_time: String;
        /// The time zone.
        time_zone: String;
        /// The language.
        lang: String;
    }

    /// Chooses where to be told of what happens.
    update_delivery_device -> UpdateDeliveryDevice = POST "/1.1/account/update_delivery_device.json" => serde_json::Value;
    auth User;
    alias "update_delivery_service";
    fills { device: String; }
    form {
        /// Whether to show links, mentions and tags.
        include_entities: bool;
    }

    /// Changes the profile.
    update_profile -> UpdateProfile = POST "/1.1/account/update_profile.json" => User;
    auth User;
    form {
        /// The name that is shown.
        name: String, in 0..=50;
        /// The address on the web.
        url: String, in 0..=100;
        /// Where you say you are.
        location: String, in 0..=30;
        /// What you say of yourself.
        description: String, in 0..=160;
        /// The colour of links, as six hexadecimal digits.
        profile_link_color: String;
        /// Whether to show links, mentions and tags.
        include_entities: bool;
        /// Whether to leave out the newest status.
        skip_status: bool;
    }

    /// Changes the colours of the profile.
    update_profile_colors -> UpdateProfileColors = POST "/1.1/account/update_profile_colors.json" => User;
    auth User;
    form {
        /// The colour behind the page, as six hexadecimal digits.
        profile_background_color: String;
        /// The colour of links.
        profile_link_color: String;
        /// The colour of the lines at the side.
        profile_sidebar_border_color: String;
        /// The colour of the side.
        profile_sidebar_fill_color: String;
        /// The colour of text.
        profile_text_color: String;
        /// Whether to leave out the newest status.
        skip_status: bool;
    }

    /// Changes the picture of the profile. It is given as Base64, or as a file with `file`.
    update_profile_image -> UpdateProfileImage = POST "/1.1/account/update_profile_image.json" => User;
    auth User;
    fills { image: String; }
    form {
        /// Whether to leave out the newest status.
        skip_status: bool;
    }

    /// Changes the picture behind the page.
    update_profile_background_image -> UpdateProfileBackgroundImage = POST "/1.1/account/update_profile_background_image.json" => User;
    auth User;
    form {
        /// The picture, as Base64.
        image: String;
        /// Whether to repeat it.
        tile: bool;
        /// Whether to show it.
        use_image = "use": bool;
        /// Whether to leave out the newest status.
        skip_status: bool;
    }

    /// Changes the picture above the profile.
    update_profile_banner -> UpdateProfileBanner = POST "/1.1/account/update_profile_banner.json" => ();
    auth User;
    alias "update_profile_banner_image";
    fills { banner: String; }
    form {
        /// How wide the part is that is shown.
        width: u32, in 1..=10000;
        /// How high the part is that is shown.
        height: u32, in 1..=10000;
        /// Where it begins from the left.
        offset_left: u32, in 0..=10000;
        /// Where it begins from the top.
        offset_top: u32, in 0..=10000;
    }

    /// Takes the picture above the profile away.
    remove_profile_banner -> RemoveProfileBanner = POST "/1.1/account/remove_profile_banner.json" => ();
    auth User;

    /// Lists the searches that you saved.
    saved_searches -> SavedSearches = GET "/1.1/saved_searches/list.json" => Vec<SavedSearch>;
    auth User;
    alias "get_saved_searches";

    /// Shows a search that you saved.
    saved_search -> ShowSavedSearch = GET "/1.1/saved_searches/show/{id}.json" => SavedSearch;
    auth User;
    alias "show_saved_search";
    path { id: String }

    /// Saves a search.
    create_saved_search -> CreateSavedSearch = POST "/1.1/saved_searches/create.json" => SavedSearch;
    auth User;
    fills { query: String, in 1..=100; }

    /// Deletes a search that you saved.
    destroy_saved_search -> DestroySavedSearch = POST "/1.1/saved_searches/destroy/{id}.json" => SavedSearch;
    auth User;
    path { id: String }

    /// Tells what is left of the rate limits.
    rate_limit_status -> RateLimitStatus = GET "/1.1/application/rate_limit_status.json" => RateLimits;
    auth App, User;
    alias "get_application_rate_limit_status";
    query {
        /// Only of these families, such as `statuses`.
        resources: Vec<String>;
    }

    /// Tells limits of the service.
    configuration -> GetConfiguration = GET "/1.1/help/configuration.json" => Configuration;
    auth App, User;
    alias "get_twitter_configuration";

    /// Lists the languages of the service.
    languages -> Languages = GET "/1.1/help/languages.json" => Vec<Language>;
    auth App, User;
    alias "get_supported_languages";

    /// Shows the privacy policy.
    privacy -> Privacy = GET "/1.1/help/privacy.json" => Policy;
    auth App, User;
    alias "get_privacy_policy";

    /// Shows the terms of service.
    tos -> Tos = GET "/1.1/help/tos.json" => Policy;
    auth App, User;
    alias "get_tos";
}

impl UpdateProfileImage {
    /// The picture, as it is.
    pub fn file(mut self, file: bytes::Bytes) -> Self {
        self.0.call.unset("image");
        self.0.call.set_file("image", file);
        self
    }
}

impl UpdateProfileBackgroundImage {
    /// The picture, as it is.
    pub fn file(mut self, file: bytes::Bytes) -> Self {
        self.0.call.unset("image");
        self.0.call.set_file("image", file);
        self
    }
}

impl UpdateProfileBanner {
    /// The picture, as it is.
    pub fn file(mut self, file: bytes::Bytes) -> Self {
        self.0.call.unset("banner");
        self.0.call.set_file("banner", file);
        self
    }
}
