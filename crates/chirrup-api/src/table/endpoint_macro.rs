//! The macro [`endpoints!`](crate::endpoints), the language of the table.

/// Declares endpoints: one entry per endpoint, from which the builder, its setters and the client method are generated.
///
/// ```text
/// endpoints! {
///     /// # Posts
///     ///
///     /// Heading and summary of the methods in the documentation of the client.
///     POSTS in v2::posts;                                 // the static table; `v2` adds methods to the client, `v1` to `V1`
///
///     /// Returns the posts of the last 7 days that match a query, newest first.
///     search_recent -> SearchRecent = GET "/2/tweets/search/recent" => Vec<Post>;
///     auth App, User, OAuth2["tweet.read", "users.read"]; // or: auth none;
///     price "Posts: Read";                                // line of `data/prices.tsv`; without it, the price is unknown
///     alias "search_recent_tweets";                       // names in other libraries
///     example("rust").max_results(20);                    // arguments of the method, and setters; a test sends it
///     idempotent;                                         // a POST that sets a state: repeating it changes nothing
///     host "https://upload.x.com";                        // if X serves the endpoint elsewhere than at api.x.com
///     window SendDm;                                      // counts toward the rate limit window of another endpoint
///     me id;                                              // path parameter filled with the ID of the authenticated user
///     path { post_id = "id": PostId }                     // path parameters: arguments of the method
///     required query { query: String, in 1..=4096; }      // arguments of the method
///     required body { post_id = "tweet_id": PostId; }     // arguments of the method, sent in the JSON body
///     required form { id: PostId; }                       // arguments of the method, sent in a form body (v1.1)
///     query {                                             // optional query parameters: setters
///         /// Number of posts per page.
///         max_results: u32, in 10..=100, default 10;      // the documentation of the setter lists bounds and default
///     }
///     body { .. }                                         // optional members of the JSON body: setters
///     form { .. }                                         // optional fields of a form body: setters
///     with RANGE, SEARCH_PAGE, POST_FIELDS;               // groups of parameters shared with other endpoints
///     streams lines;                                      // the response is a stream of JSON lines; v1.1: messages
///     streams lines as Filtered;                          // the same, with its name in the list of connections
///     retired "use `search_all`";                         // the endpoint is no longer in X's documentation
/// }
/// ```
///
/// Each name may be followed by `= "name on the wire"`. Required parameters may have doc comments; optional ones must.
/// Clauses appear in this order, and all except the first two are optional. The build fails if a path does not match its
/// parameters, a GET has a body, a name occurs twice, bounds are out of order, or another method than POST is declared
/// `idempotent`. Rate limits are data, in `data/rate-limits.tsv` and `data/rate-limits-v1.tsv`.
///
/// Generated functions are `#[inline]`, so that unused endpoints cost nothing.
///
/// # Endpoints that the library does not have
///
/// Outside of this crate the header is the name of the table alone. Without a client method, a call is made with
/// `new`:
///
/// ```
/// use chirrup_api::model::{Post, PostId};
///
/// chirrup_api::endpoints! {
///     NEW_ENDPOINTS;
///
///     /// Finds the translation of a post.
///     get_translation -> GetTranslation = GET "/2/tweets/{id}/translation" => Post;
///     auth App;
///     path { id: PostId }
/// }
///
/// # fn example(client: &chirrup_api::ApiClient) {
/// let call = GetTranslation::new(client, "20");
/// # }
/// ```
#[macro_export]
macro_rules! endpoints {
    ($area:ident; $($entries:tt)+) => {
        $crate::endpoints! { @area [] $area none::none; $($entries)+ }
    };
    ($(#[doc = $heading:literal])+ $area:ident in $version:ident::$module:ident; $($entries:tt)+) => {
        $crate::endpoints! { @area [$($heading)+] $area $version::$module; $($entries)+ }
    };
    (
        @area [$($heading:literal)*] $area:ident $version:ident::$module:ident;
        $(
            $(#[doc = $doc:literal])+
            $method:ident -> $builder:ident = $verb:ident $path:literal => $out:ty;
            auth $($auth:ident $([$($scope:literal),* $(,)?])?),+;
            $(price $price:literal;)?
            $(alias $($alias:literal),+;)?
            $(example($($argument:expr),* $(,)?) $(.$setter:ident($($value:expr),* $(,)?))*;)?
            $(idempotent $($idempotent:lifetime)?;)?
            $(host $host:literal;)?
            $(window $window:ident;)?
            $(me $me:ident;)?
            $(path { $($(#[doc = $pdoc:literal])* $pname:ident $(= $pwire:literal)? : $pty:ty),+ $(,)? })?
            $(required query { $($(#[doc = $ndoc:literal])* $nname:ident $(= $nwire:literal)? : $($nty:ident)::+ $(<$nitem:ty>)? $(, in $nlo:literal ..= $nhi:literal)?;)+ })?
            $(required body { $($(#[doc = $sdoc:literal])* $sname:ident $(= $swire:literal)? : $($sty:ident)::+ $(<$sitem:ty>)? $(, in $slo:literal ..= $shi:literal)?;)+ })?
            $(required form { $($(#[doc = $fdoc:literal])* $fname:ident $(= $fwire:literal)? : $($fty:ident)::+ $(<$fitem:ty>)? $(, in $flo:literal ..= $fhi:literal)?;)+ })?
            $(query { $($(#[doc = $qdoc:literal])+ $qname:ident $(= $qwire:literal)? : $($qty:ident)::+ $(<$qitem:ty>)? $(, in $qlo:literal ..= $qhi:literal)? $(, default $qdefault:literal)?;)+ })?
            $(body { $($(#[doc = $bdoc:literal])+ $bname:ident $(= $bwire:literal)? : $($bty:ident)::+ $(<$bitem:ty>)? $(, in $blo:literal ..= $bhi:literal)? $(, default $bdefault:literal)?;)+ })?
            $(form { $($(#[doc = $odoc:literal])+ $oname:ident $(= $owire:literal)? : $($oty:ident)::+ $(<$oitem:ty>)? $(, in $olo:literal ..= $ohi:literal)? $(, default $odefault:literal)?;)+ })?
            $(with $($group:ident),+;)?
            $(streams $streams:ident $(as $stream:ident)?;)?
            $(retired $retired:literal;)?
        )+
    ) => {
        $(
            $(#[doc = $doc])+
            #[doc = concat!("\n`", stringify!($verb), " ", $path, "`")]
            $(#[doc = concat!("\nRetired: ", $retired, ".")])?
            #[derive(Debug, Clone)]
            #[must_use = "a call does nothing until it is awaited or waited for"]
            pub struct $builder($crate::BoundCall);

            impl $builder {
                /// Entry of this endpoint in the table.
                pub const ENDPOINT: &'static $crate::Endpoint = &$crate::Endpoint::new(
                    $crate::endpoints!(@id $version $method),
                    stringify!($verb),
                    $path,
                    &[
                        &[
                            $($crate::endpoints!(@param $me, stringify!($me), Path, $crate::model::UserId, "ID of the authenticated user.", me [] []),)?
                            $($($crate::endpoints!(@param $pname, $crate::endpoints!(@wire $pname $($pwire)?), Path, $pty, concat!($($pdoc, "\n"),*), required [] []),)+)?
                            $($($crate::endpoints!(@param $nname, $crate::endpoints!(@wire $nname $($nwire)?), Query, $($nty)::+ $(<$nitem>)?, concat!($($ndoc, "\n"),*), required [$($nlo, $nhi)?] []),)+)?
                            $($($crate::endpoints!(@param $sname, $crate::endpoints!(@wire $sname $($swire)?), Body, $($sty)::+ $(<$sitem>)?, concat!($($sdoc, "\n"),*), required [$($slo, $shi)?] []),)+)?
                            $($($crate::endpoints!(@param $fname, $crate::endpoints!(@wire $fname $($fwire)?), Form, $($fty)::+ $(<$fitem>)?, concat!($($fdoc, "\n"),*), required [$($flo, $fhi)?] []),)+)?
                            $($($crate::endpoints!(@param $qname, $crate::endpoints!(@wire $qname $($qwire)?), Query, $($qty)::+ $(<$qitem>)?, concat!($($qdoc, "\n"),+), optional [$($qlo, $qhi)?] [$($qdefault)?]),)+)?
                            $($($crate::endpoints!(@param $bname, $crate::endpoints!(@wire $bname $($bwire)?), Body, $($bty)::+ $(<$bitem>)?, concat!($($bdoc, "\n"),+), optional [$($blo, $bhi)?] [$($bdefault)?]),)+)?
                            $($($crate::endpoints!(@param $oname, $crate::endpoints!(@wire $oname $($owire)?), Form, $($oty)::+ $(<$oitem>)?, concat!($($odoc, "\n"),+), optional [$($olo, $ohi)?] [$($odefault)?]),)+)?
                        ],
                        $($($crate::parameter_group!($group, params),)+)?
                    ],
                    $crate::endpoints!(@auths $($auth $([$($scope),*])?),+),
                    concat!($($doc, "\n"),+),
                )
                .with_aliases(&[$($($alias),+)?])
                .with_example($crate::endpoints!(@example $version $builder $method [$($streams)?] $(($($argument),*) $(.$setter($($value),*))*)?))
                .with_retired($crate::endpoints!(@option $($retired)?))
                .with_price($crate::endpoints!(@option $($price)?))
                .with_idempotent($crate::endpoints!(@idempotent $([$($idempotent)?])?))
                .with_host($crate::endpoints!(@option $($host)?))
                .with_window($crate::endpoints!(@window $($window)?))
                .with_returns(stringify!($out))
                .with_returns_list(<$out as $crate::ResponseData>::IS_LIST)
                .with_streaming($crate::endpoints!(@streaming $($streams)?))
                .with_stream_name($crate::endpoints!(@stream_name $($($stream)?)?))
                .with_rewrite($crate::response::rewriter::<$out>());

                /// Creates a call with its required parameters.
                $($(#[doc = $crate::endpoints!(@argument $pname [] [] $($pdoc)*)])+)?
                $($(#[doc = $crate::endpoints!(@argument $nname [$($nty)::+] [$($nlo $nhi)?] $($ndoc)*)])+)?
                $($(#[doc = $crate::endpoints!(@argument $sname [$($sty)::+] [$($slo $shi)?] $($sdoc)*)])+)?
                $($(#[doc = $crate::endpoints!(@argument $fname [$($fty)::+] [$($flo $fhi)?] $($fdoc)*)])+)?
                #[inline]
                pub fn new(
                    client: &$crate::ApiClient,
                    $($($pname: impl $crate::IntoParam<$pty>,)+)?
                    $($($nname: impl $crate::IntoParam<$($nty)::+ $(<$nitem>)?>,)+)?
                    $($($sname: impl $crate::IntoParam<$($sty)::+ $(<$sitem>)?>,)+)?
                    $($($fname: impl $crate::IntoParam<$($fty)::+ $(<$fitem>)?>,)+)?
                ) -> Self {
                    #[allow(unused_mut, reason = "an endpoint may have no required parameters")]
                    let mut call = $crate::Call::of(Self::ENDPOINT);
                    $($(call.set($crate::endpoints!(@wire $pname $($pwire)?), $crate::ParamLocation::Path, $pname.into_json());)+)?
                    $($(call.set($crate::endpoints!(@wire $nname $($nwire)?), $crate::ParamLocation::Query, $nname.into_json());)+)?
                    $($(call.set($crate::endpoints!(@wire $sname $($swire)?), $crate::ParamLocation::Body, $sname.into_json());)+)?
                    $($(call.set($crate::endpoints!(@wire $fname $($fwire)?), $crate::ParamLocation::Form, $fname.into_json());)+)?
                    Self(client.bind(call))
                }

                $($(
                    $(#[doc = $qdoc])+
                    #[doc = $crate::endpoints!(@bounds [$($qty)::+] [$($qlo $qhi)?] [$($qdefault)?])]
                    #[inline]
                    pub fn $qname(mut self, value: impl $crate::IntoParam<$($qty)::+ $(<$qitem>)?>) -> Self {
                        self.0.call.set($crate::endpoints!(@wire $qname $($qwire)?), $crate::ParamLocation::Query, value.into_json());
                        self
                    }
                )+)?
                $($(
                    $(#[doc = $bdoc])+
                    #[doc = $crate::endpoints!(@bounds [$($bty)::+] [$($blo $bhi)?] [$($bdefault)?])]
                    #[inline]
                    pub fn $bname(mut self, value: impl $crate::IntoParam<$($bty)::+ $(<$bitem>)?>) -> Self {
                        self.0.call.set($crate::endpoints!(@wire $bname $($bwire)?), $crate::ParamLocation::Body, value.into_json());
                        self
                    }
                )+)?
                $($(
                    $(#[doc = $odoc])+
                    #[doc = $crate::endpoints!(@bounds [$($oty)::+] [$($olo $ohi)?] [$($odefault)?])]
                    #[inline]
                    pub fn $oname(mut self, value: impl $crate::IntoParam<$($oty)::+ $(<$oitem>)?>) -> Self {
                        self.0.call.set($crate::endpoints!(@wire $oname $($owire)?), $crate::ParamLocation::Form, value.into_json());
                        self
                    }
                )+)?
                $($($crate::parameter_group! { $group, setters $out })+)?
                $crate::endpoints! { @batched $out; [$($streams)?] $($({$($nty)::+ $($nlo $nhi)?})+)? }
                $crate::endpoints! { @live $out $(, $streams)? }

                /// Uses the app's own credential, even if the client has a user's.
                #[inline]
                pub fn as_app(mut self) -> Self {
                    self.0.call.auth_mode = $crate::AuthMode::App;
                    self
                }
                /// Uses a user's credential, even if the client has the app's.
                #[inline]
                pub fn as_user(mut self) -> Self {
                    self.0.call.auth_mode = $crate::AuthMode::User;
                    self
                }
                /// Sets the timeout of one attempt. The default is that of the client.
                #[inline]
                pub fn timeout(mut self, limit: ::std::time::Duration) -> Self {
                    self.0.call.timeout = Some(limit);
                    self
                }
                /// Returns the call as data, without sending it.
                #[inline]
                pub fn call(&self) -> &$crate::Call {
                    &self.0.call
                }
                /// Sends the call and returns the raw response of a success, undecoded.
                ///
                /// # Errors
                /// Those of `.await`, except for a body that cannot be decoded.
                #[inline]
                pub fn raw(self) -> $crate::BoxFuture<Result<$crate::RawResponse, $crate::Error>> {
                    self.0.send_raw()
                }
                /// Sends the call and blocks the thread until the response has arrived.
                ///
                /// # Errors
                /// Those of `.await`, and `ErrorKind::Blocking` inside an async runtime, where blocking would stop other tasks.
                #[inline]
                pub fn wait(self) -> Result<$crate::Response<$out>, $crate::Error> {
                    self.0.wait()
                }
            }

            impl ::std::future::IntoFuture for $builder {
                type Output = Result<$crate::Response<$out>, $crate::Error>;
                type IntoFuture = $crate::BoxFuture<Self::Output>;
                #[inline]
                fn into_future(self) -> Self::IntoFuture {
                    self.0.send()
                }
            }

            impl $crate::IntoCall for $builder {
                type Out = $out;
                #[inline]
                fn into_call(self) -> $crate::BoundCall {
                    self.0
                }
            }

            const _: () = {
                assert!($crate::endpoint::checks::path_params_match($builder::ENDPOINT), concat!("endpoint ", stringify!($method), ": the placeholders of the path are not its path parameters"));
                assert!($crate::endpoint::checks::body_allowed($builder::ENDPOINT), concat!("endpoint ", stringify!($method), ": a GET has no body"));
                assert!($crate::endpoint::checks::names_unique($builder::ENDPOINT), concat!("endpoint ", stringify!($method), ": a parameter is declared twice"));
                assert!($crate::endpoint::checks::only_posts_are_declared_idempotent($builder::ENDPOINT), concat!("endpoint ", stringify!($method), ": only a POST is declared `idempotent`"));
                assert!($crate::endpoint::checks::bounds_ordered($builder::ENDPOINT), concat!("endpoint ", stringify!($method), ": bounds are out of order"));
            };
        )+

        $crate::endpoints! { @methods [$($heading)*] $version $module {
            $(
                $(#[doc = $doc])+
                #[doc = concat!("\n`", stringify!($verb), " ", $path, "`\n")]
                $($(#[doc = $crate::endpoints!(@argument $pname [] [] $($pdoc)*)])+)?
                $($(#[doc = $crate::endpoints!(@argument $nname [$($nty)::+] [$($nlo $nhi)?] $($ndoc)*)])+)?
                $($(#[doc = $crate::endpoints!(@argument $sname [$($sty)::+] [$($slo $shi)?] $($sdoc)*)])+)?
                $($(#[doc = $crate::endpoints!(@argument $fname [$($fty)::+] [$($flo $fhi)?] $($fdoc)*)])+)?
                #[doc = $crate::endpoints!(@example_doc $version $builder $method [$($streams)?] $(($($argument),*) $(.$setter($($value),*))*)?)]
                $($(#[doc(alias = $alias)])+)?
                #[inline]
                pub fn $method(
                    &self,
                    $($($pname: impl $crate::IntoParam<$pty>,)+)?
                    $($($nname: impl $crate::IntoParam<$($nty)::+ $(<$nitem>)?>,)+)?
                    $($($sname: impl $crate::IntoParam<$($sty)::+ $(<$sitem>)?>,)+)?
                    $($($fname: impl $crate::IntoParam<$($fty)::+ $(<$fitem>)?>,)+)?
                ) -> $crate::$version::$module::$builder {
                    $crate::$version::$module::$builder::new(self.api(), $($($pname,)+)? $($($nname,)+)? $($($sname,)+)? $($($fname,)+)?)
                }
            )+
        } }

        $crate::endpoints! { @example_calls $version $($($builder ($($argument),*) $(.$setter($($value),*))*;)?)+ }

        /// Endpoints of this area, in the order of their declaration.
        pub static $area: &[&$crate::Endpoint] = &[$($builder::ENDPOINT),+];
    };

    (@id v1 $method:ident) => { concat!("v1.", stringify!($method)) };
    (@id $version:ident $method:ident) => { stringify!($method) };
    (@methods [$($heading:literal)*] none none { $($method:tt)* }) => {};
    (@methods [$($heading:literal)*] v1 $module:ident { $($method:tt)* }) => {
        $(#[doc = $heading])*
        impl $crate::v1::V1 { $($method)* }
    };
    // The same methods for `ApiClient` here and, through the exported macro, for `chirrup::Client`.
    (@methods [$($heading:literal)*] v2 $module:ident { $($method:tt)* }) => {
        $(#[doc = $heading])*
        impl $crate::ApiClient { $($method)* }

        #[doc(hidden)]
        #[macro_export]
        macro_rules! $module {
            () => {
                $(#[doc = $heading])*
                impl Client { $($method)* }
            };
        }
    };
    // Example as text: a chain with a line per setter, which ends with the sending of the call.
    (@example $version:ident $builder:ident $method:ident [$($streams:ident)?]) => { None };
    (@example $version:ident $builder:ident $method:ident [$($streams:ident)?] $($example:tt)+) => {
        Some($crate::endpoints!(@example_text $version $builder $method [$($streams)?] $($example)+))
    };
    (@example_text $version:ident $builder:ident $method:ident [$($streams:ident)?] ($($argument:expr),*) $(.$setter:ident($($value:expr),*))*) => {
        concat!(
            $crate::endpoints!(@example_start $version $builder $method $(stringify!($argument)),*),
            $("\n    .", stringify!($setter), "(", $crate::endpoints!(@example_list $(stringify!($value)),*), ")",)*
            $crate::endpoints!(@example_end [$($streams)?] $($setter)*),
        )
    };
    (@example_start v2 $builder:ident $method:ident $($argument:expr),*) => {
        concat!("client.", stringify!($method), "(", $crate::endpoints!(@example_list $($argument),*), ")")
    };
    (@example_start v1 $builder:ident $method:ident $($argument:expr),*) => {
        concat!("client.v1().", stringify!($method), "(", $crate::endpoints!(@example_list $($argument),*), ")")
    };
    (@example_start none $builder:ident $method:ident $($argument:expr),*) => {
        concat!(stringify!($builder), "::new(", $crate::endpoints!(@example_list "&client" $(, $argument)*), ")")
    };
    (@example_list) => { "" };
    (@example_list $first:expr $(, $more:expr)*) => { concat!($first $(, ", ", $more)*) };
    (@example_end []) => { ".await?" };
    (@example_end [] $($setter:ident)+) => { "\n    .await?" };
    (@example_end [$streams:ident]) => { ".open()" };
    (@example_end [$streams:ident] $($setter:ident)+) => { "\n    .open()" };
    (@example_doc $version:ident $builder:ident $method:ident [$($streams:ident)?]) => { "" };
    (@example_doc $version:ident $builder:ident $method:ident [$($streams:ident)?] $($example:tt)+) => {
        concat!(
            "\n# Example\n```no_run\n# async fn example(client: chirrup_api::ApiClient) -> Result<(), chirrup_api::Error> {\nlet ",
            $crate::endpoints!(@example_variable [$($streams)?]), " = ",
            $crate::endpoints!(@example_text $version $builder $method [$($streams)?] $($example)+),
            ";\n# Ok(()) }\n```"
        )
    };
    (@example_variable []) => { "response" };
    (@example_variable [$streams:ident]) => { "mut stream" };
    // Examples as functions, which a test calls. Outside of this crate, the compiler checks them.
    (@example_calls none $($builder:ident ($($argument:expr),*) $(.$setter:ident($($value:expr),*))*;)*) => {$(
        const _: fn(&$crate::ApiClient) -> $crate::BoundCall =
            |client| $crate::IntoCall::into_call($builder::new(client $(, $argument)*)$(.$setter($($value),*))*);
    )*};
    (@example_calls $version:ident $($builder:ident ($($argument:expr),*) $(.$setter:ident($($value:expr),*))*;)*) => {
        /// Examples of this area, in the order of their declaration.
        #[cfg(feature = "samples")]
        pub(crate) static EXAMPLES: &[$crate::client::example::Example] = &[$(
            $crate::client::example::Example {
                endpoint: $builder::ENDPOINT,
                bind: |client| $crate::IntoCall::into_call($builder::new(client $(, $argument)*)$(.$setter($($value),*))*),
            }
        ),*];
    };
    (@argument $name:ident [$($ty:tt)*] [$($bound:literal)*]) => { "" };
    (@argument $name:ident [$($ty:tt)*] [] $($doc:literal)+) => { concat!("- `", stringify!($name), "`:", $($doc, "\n "),+) };
    (@argument $name:ident [$($ty:tt)*] [$lo:literal $hi:literal] $($doc:literal)+) => {
        concat!("- `", stringify!($name), "`:", $($doc, "\n "),+, " ", $crate::endpoints!(@range [$($ty)*] $lo $hi), ".\n")
    };
    // Documentation of the bounds and the default of an optional parameter.
    (@bounds [$($ty:tt)+] [] []) => { "" };
    (@bounds [$($ty:tt)+] [] [$default:literal]) => { concat!("\nThe default is ", $default, ".") };
    (@bounds [$($ty:tt)+] [$lo:literal $hi:literal] []) => { concat!("\n", $crate::endpoints!(@range [$($ty)+] $lo $hi), ".") };
    (@bounds [$($ty:tt)+] [$lo:literal $hi:literal] [$default:literal]) => {
        concat!("\n", $crate::endpoints!(@range [$($ty)+] $lo $hi), "; the default is ", $default, ".")
    };
    (@range [Vec] $lo:literal $hi:literal) => { concat!($lo, " to ", $hi, " items") };
    (@range [String] $lo:literal $hi:literal) => { concat!($lo, " to ", $hi, " characters") };
    (@range [$($ty:tt)+] $lo:literal $hi:literal) => { concat!($lo, " to ", $hi) };
    (@wire $name:ident) => { stringify!($name) };
    (@wire $name:ident $wire:literal) => { $wire };
    // Only a call whose required list has a maximum can be split into batches.
    (@batched $out:ty; [$streams:ident] $($required:tt)*) => {};
    (@batched $out:ty; []) => {};
    (@batched $out:ty; [] {Vec $lo:literal $hi:literal} $($required:tt)*) => {
        /// Accepts a list longer than the endpoint's maximum: sends as many calls as necessary and joins the responses.
        #[inline]
        pub fn batched(self) -> $crate::Batched<$out> {
            $crate::Batched::new(self.0)
        }
    };
    (@batched $out:ty; [] {$($other:tt)*} $($required:tt)*) => { $crate::endpoints! { @batched $out; [] $($required)* } };
    (@live $out:ty) => {};
    (@live $out:ty, lines) => {
        /// Opens the stream: endless events over a connection that is re-established when it breaks.
        #[inline]
        pub fn open(self) -> $crate::Live<$crate::Typed<<$out as $crate::response::StreamItem>::Item>> {
            self.live().open()
        }

        /// Returns a builder that configures the stream before it is opened.
        #[inline]
        pub fn live(self) -> $crate::LiveBuilder<$crate::Typed<<$out as $crate::response::StreamItem>::Item>> {
            $crate::LiveBuilder::new(self.0)
        }
    };
    (@live $out:ty, messages) => {
        /// Opens the stream: endless messages over a connection that is re-established when it breaks.
        #[inline]
        pub fn open(self) -> $crate::Live<$crate::Messages> {
            self.live().open()
        }

        /// Returns a builder that configures the stream before it is opened.
        #[inline]
        pub fn live(self) -> $crate::LiveBuilder<$crate::Messages> {
            $crate::LiveBuilder::of_v1(self.0)
        }
    };
    (@streaming) => { false };
    (@streaming messages) => { true };
    (@streaming lines) => { true };
    (@stream_name) => { None };
    (@stream_name $stream:ident) => { Some(&$crate::model::StreamEndpoint::$stream) };
    (@window) => { None };
    (@window $window:ident) => { Some($window::ENDPOINT) };
    // The clause has no value; the variable in it, which never matches, is what the transcriber repeats.
    (@idempotent) => { false };
    (@idempotent []) => { true };
    (@option) => { None };
    (@option $text:literal) => { Some($text) };
    (@auths none) => { &[] };
    (@auths $($auth:ident $([$($scope:literal),*])?),+) => { &[$($crate::endpoints!(@auth $auth $([$($scope),*])?)),+] };
    (@auth $auth:ident) => { $crate::Auth::$auth };
    (@auth $auth:ident [$($scope:literal),*]) => { $crate::Auth::$auth(&[$($scope),*]) };
    (@param $argument:ident, $name:expr, $location:ident, $ty:ty, $doc:expr, $role:ident [$($lo:literal, $hi:literal)?] [$($default:literal)?]) => {
        $crate::endpoints!(@role $role $crate::Param::new(
            $name,
            $crate::ParamLocation::$location,
            <$ty as $crate::model::ParamType>::KIND $(.within($lo, $hi))?,
            $doc,
        ).with_argument(stringify!($argument))$(.with_default(concat!($default)))?)
    };
    (@role optional $($param:tt)+) => { $($param)+ };
    (@role required $($param:tt)+) => { $($param)+.required() };
    (@role me $($param:tt)+) => { $($param)+.authenticated_user() };
}
