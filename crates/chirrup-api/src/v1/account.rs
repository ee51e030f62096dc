//! Account of the authenticated user: credentials, settings and profile.

use chirrup_model::v1::{Settings, User};

crate::endpoints! {
    /// # Account
    ///
    /// Verify credentials, and read and change the settings and the profile of the account.
    ACCOUNT in v1::account;

    /// Returns the authenticated user if the credentials are valid, and a 401 error otherwise.
    verify_credentials -> VerifyCredentials = GET "/1.1/account/verify_credentials.json" => User;
    auth User;
    example().include_email(true);
    query {
        /// Whether to include the email address, for apps that have the permission.
        include_email: bool;
    }
    with USER_OPTIONS;

    /// Returns the account settings of the authenticated user.
    settings -> GetSettings = GET "/1.1/account/settings.json" => Settings;
    auth User;
    alias "get_account_settings";
    example();

    /// Updates the account settings of the authenticated user.
    update_settings -> UpdateSettings = POST "/1.1/account/settings.json" => Settings;
    auth User;
    alias "update_account_settings";
    idempotent;
    form {
        /// WOEID ("where on Earth" ID) of the place whose trends to show.
        trend_location_woeid: u64;
        /// Whether sleep time, without notifications, is enabled.
        sleep_time_enabled: bool;
        /// Hour at which sleep time starts: `00` to `23`.
        start_sleep_time: String;
        /// Hour at which sleep time ends: `00` to `23`.
        end_sleep_time: String;
        /// Time zone of the account, such as `Europe/Copenhagen`.
        time_zone: String;
        /// Language of the account, as a code such as `en`.
        lang: String;
    }

    /// Sets the device that receives notifications.
    update_delivery_device -> UpdateDeliveryDevice = POST "/1.1/account/update_delivery_device.json" => serde_json::Value;
    auth User;
    alias "update_delivery_service";
    idempotent;
    required form {
        /// Device that receives notifications: `sms` or `none`.
        device: String;
    }
    form {
        /// Whether to include the links, mentions and hashtags of descriptions and statuses as `entities`.
        include_entities: bool;
    }

    /// Updates the profile of the authenticated user.
    update_profile -> UpdateProfile = POST "/1.1/account/update_profile.json" => User;
    auth User;
    example().description("Birds, bread and long novels.");
    idempotent;
    form {
        /// Display name of the user.
        name: String, in 0..=50;
        /// URL of the user's website.
        url: String, in 0..=100;
        /// Location as free text.
        location: String, in 0..=30;
        /// Description of the user.
        description: String, in 0..=160;
        /// Color of links, as 3 or 6 hexadecimal digits.
        profile_link_color: String;
        /// Whether to include the links, mentions and hashtags of descriptions and statuses as `entities`.
        include_entities: bool;
        /// Whether to omit the user's latest status.
        skip_status: bool;
    }

    /// Updates the colors of the profile, each given as 3 or 6 hexadecimal digits.
    update_profile_colors -> UpdateProfileColors = POST "/1.1/account/update_profile_colors.json" => User;
    auth User;
    idempotent;
    form {
        /// Color of the page background, as hexadecimal digits.
        profile_background_color: String;
        /// Color of links, as hexadecimal digits.
        profile_link_color: String;
        /// Color of the sidebar's border, as hexadecimal digits.
        profile_sidebar_border_color: String;
        /// Color of the sidebar's background, as hexadecimal digits.
        profile_sidebar_fill_color: String;
        /// Color of text, as hexadecimal digits.
        profile_text_color: String;
        /// Whether to omit the user's latest status.
        skip_status: bool;
    }

    /// Updates the profile image, given as Base64 or as bytes with `file`.
    update_profile_image -> UpdateProfileImage = POST "/1.1/account/update_profile_image.json" => User;
    auth User;
    idempotent;
    required form {
        /// Image, encoded as Base64; `file` replaces it.
        image: String;
    }
    form {
        /// Whether to omit the user's latest status.
        skip_status: bool;
    }

    /// Updates the background image of the profile page, given as Base64 or as bytes with `file`.
    update_profile_background_image -> UpdateProfileBackgroundImage = POST "/1.1/account/update_profile_background_image.json" => User;
    auth User;
    idempotent;
    form {
        /// Background image, encoded as Base64.
        image: String;
        /// Whether to tile the background image.
        tile: bool;
        /// Whether to show the background image.
        use_image = "use": bool;
        /// Whether to omit the user's latest status.
        skip_status: bool;
    }

    /// Updates the profile banner, given as Base64 or as bytes with `file`.
    update_profile_banner -> UpdateProfileBanner = POST "/1.1/account/update_profile_banner.json" => ();
    auth User;
    alias "update_profile_banner_image";
    idempotent;
    required form {
        /// Image, encoded as Base64; `file` replaces it.
        banner: String;
    }
    form {
        /// Width of the visible part in pixels.
        width: u32, in 1..=10000;
        /// Height of the visible part in pixels.
        height: u32, in 1..=10000;
        /// Offset of the visible part from the left edge, in pixels.
        offset_left: u32, in 0..=10000;
        /// Offset of the visible part from the top edge, in pixels.
        offset_top: u32, in 0..=10000;
    }

    /// Removes the profile banner.
    remove_profile_banner -> RemoveProfileBanner = POST "/1.1/account/remove_profile_banner.json" => ();
    auth User;
    idempotent;
}

macro_rules! image_file {
    ($($builder:ident $field:literal)+) => { $(
        impl $builder {
            /// Sends the bytes of the image as a file part instead of a Base64 field.
            pub fn file(mut self, file: bytes::Bytes) -> Self {
                self.0.call.unset($field);
                self.0.call.set_file($field, file);
                self
            }
        }
    )+ };
}

image_file! {
    UpdateProfileImage "image"
    UpdateProfileBackgroundImage "image"
    UpdateProfileBanner "banner"
}
