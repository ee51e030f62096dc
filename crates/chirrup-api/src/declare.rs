//! The language in which endpoints are declared.
//!
//! ```text
//! endpoints! {
//!     POSTS on Client;                                    // the static list of the entries; they become methods of Client
//!
//!     /// Finds posts of the last seven days that match a query.
//!     search_recent -> SearchRecent = GET "/2/tweets/search/recent" => Vec<Post>;
//!     auth App, User, OAuth2["tweet.read", "users.read"]; // or: auth none;
//!     alias "search_recent_tweets";                       // what other libraries call it
//!     me id;                                              // a hole that the client fills with the caller's id
//!     path { post_id = "id": PostId }                     // holes: arguments of the method
//!     needs { query: String, in 1..=4096; }               // required in the query: arguments of the method
//!     sends { post_id = "tweet_id": PostId; }             // required in the JSON body: arguments of the method
//!     fills { id: PostId; }                               // required in a form body, as v1.1 has it
//!     query {                                             // optional in the query: setters
//!         /// How many posts a page holds.
//!         max_results: u32, in 10..=100;
//!     }
//!     body { .. }                                         // optional in the JSON body: setters
//!     form { .. }                                         // optional in a form body: setters
//!     with RANGE, SEARCH_PAGE, POST_FIELDS;               // parameters shared with other entries
//!     streams lines;                                      // the answer is a stream of JSON, one object a line; v1.1: messages
//!     retired "use search_all";                           // marks what X no longer lists
//! }
//! ```
//!
//! Clauses stand in this order; all but the first two may be left out. A path that does not fit its parameters,
//! a body on a GET, a name given twice and bounds out of order fail the build.
//!
//! Everything that an entry makes is `#[inline]`: it is compiled where it is used, and what is not used costs nothing.
//!
//! The entries of v1.1 are written `STATUSES on V1;`: they become methods of [`V1`](crate::v1::V1), and their names in the
//! table begin with `v1.`.
//!
//! Outside of this crate, write `MINE on nothing;`: the builders come without methods of `Client`, and
//! `MyEndpoint::new(&client, …)` makes a call. So an endpoint of tomorrow can be typed today.

/// Declares endpoints; see the [module](self).
#[macro_export]
macro_rules! endpoints {
    (
        $area:ident on $on:ident;
        $(
            $(#[doc = $doc:literal])+
            $method:ident -> $builder:ident = $verb:ident $path:literal => $out:ty;
            auth $($auth:ident $([$($scope:literal),* $(,)?])?),+;
            $(alias $($alias:literal),+;)?
            $(me $me:ident;)?
            $(path { $($pname:ident $(= $pwire:literal)? : $pty:ty),+ $(,)? })?
            $(needs { $($nname:ident $(= $nwire:literal)? : $nty:ty $(, in $nlo:literal ..= $nhi:literal)?;)+ })?
            $(sends { $($sname:ident $(= $swire:literal)? : $sty:ty $(, in $slo:literal ..= $shi:literal)?;)+ })?
            $(fills { $($fname:ident $(= $fwire:literal)? : $fty:ty $(, in $flo:literal ..= $fhi:literal)?;)+ })?
            $(query { $($(#[doc = $qdoc:literal])+ $qname:ident $(= $qwire:literal)? : $qty:ty $(, in $qlo:literal ..= $qhi:literal)?;)+ })?
            $(body { $($(#[doc = $bdoc:literal])+ $bname:ident $(= $bwire:literal)? : $bty:ty $(, in $blo:literal ..= $bhi:literal)?;)+ })?
            $(form { $($(#[doc = $odoc:literal])+ $oname:ident $(= $owire:literal)? : $oty:ty $(, in $olo:literal ..= $ohi:literal)?;)+ })?
            $(with $($group:ident),+;)?
            $(streams $streams:ident;)?
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
                /// The entry in the table.
                pub const ENDPOINT: &'static $crate::Endpoint = &$crate::Endpoint {
                    id: $crate::endpoints!(@id $on $method),
                    method: stringify!($verb),
                    path: $path,
                    params: &[
                        &[
                            $($crate::endpoints!(@param stringify!($me), Path, $crate::model::UserId, "The id of the user who calls.", me),)?
                            $($($crate::endpoints!(@param $crate::endpoints!(@wire $pname $($pwire)?), Path, $pty, "", required),)+)?
                            $($($crate::endpoints!(@param $crate::endpoints!(@wire $nname $($nwire)?), Query, $nty, "", required $(, $nlo, $nhi)?),)+)?
                            $($($crate::endpoints!(@param $crate::endpoints!(@wire $sname $($swire)?), Body, $sty, "", required $(, $slo, $shi)?),)+)?
                            $($($crate::endpoints!(@param $crate::endpoints!(@wire $fname $($fwire)?), Form, $fty, "", required $(, $flo, $fhi)?),)+)?
                            $($($crate::endpoints!(@param $crate::endpoints!(@wire $qname $($qwire)?), Query, $qty, concat!($($qdoc, "\n"),+), optional $(, $qlo, $qhi)?),)+)?
                            $($($crate::endpoints!(@param $crate::endpoints!(@wire $bname $($bwire)?), Body, $bty, concat!($($bdoc, "\n"),+), optional $(, $blo, $bhi)?),)+)?
                            $($($crate::endpoints!(@param $crate::endpoints!(@wire $oname $($owire)?), Form, $oty, concat!($($odoc, "\n"),+), optional $(, $olo, $ohi)?),)+)?
                        ],
                        $($($crate::groups::$group,)+)?
                    ],
                    auth: $crate::endpoints!(@auths $($auth $([$($scope),*])?),+),
                    doc: concat!($($doc, "\n"),+),
                    aliases: &[$($($alias),+)?],
                    retired: $crate::endpoints!(@option $($retired)?),
                    streaming: $crate::endpoints!(@streams $($streams)?),
                    rewrite: $crate::response::rewriter::<$out>(),
                };

                /// A call of the endpoint with what it requires.
                #[inline]
                pub fn new(
                    client: &$crate::Client,
                    $($($pname: impl $crate::IntoParam<$pty>,)+)?
                    $($($nname: impl $crate::IntoParam<$nty>,)+)?
                    $($($sname: impl $crate::IntoParam<$sty>,)+)?
                    $($($fname: impl $crate::IntoParam<$fty>,)+)?
                ) -> Self {
                    #[allow(unused_mut, reason = "an entry may have nothing to set")]
                    let mut call = $crate::Call::of(Self::ENDPOINT);
                    $($(call.set($crate::endpoints!(@wire $pname $($pwire)?), $crate::ParamLocation::Path, $pname.into_json());)+)?
                    $($(call.set($crate::endpoints!(@wire $nname $($nwire)?), $crate::ParamLocation::Query, $nname.into_json());)+)?
                    $($(call.set($crate::endpoints!(@wire $sname $($swire)?), $crate::ParamLocation::Body, $sname.into_json());)+)?
                    $($(call.set($crate::endpoints!(@wire $fname $($fwire)?), $crate::ParamLocation::Form, $fname.into_json());)+)?
                    Self(client.bind(call))
                }

                $($(
                    $(#[doc = $qdoc])+
                    #[inline]
                    pub fn $qname(mut self, value: impl $crate::IntoParam<$qty>) -> Self {
                        self.0.call.set($crate::endpoints!(@wire $qname $($qwire)?), $crate::ParamLocation::Query, value.into_json());
                        self
                    }
                )+)?
                $($(
                    $(#[doc = $bdoc])+
                    #[inline]
                    pub fn $bname(mut self, value: impl $crate::IntoParam<$bty>) -> Self {
                        self.0.call.set($crate::endpoints!(@wire $bname $($bwire)?), $crate::ParamLocation::Body, value.into_json());
                        self
                    }
                )+)?
                $($(
                    $(#[doc = $odoc])+
                    #[inline]
                    pub fn $oname(mut self, value: impl $crate::IntoParam<$oty>) -> Self {
                        self.0.call.set($crate::endpoints!(@wire $oname $($owire)?), $crate::ParamLocation::Form, value.into_json());
                        self
                    }
                )+)?
                $($($crate::group_setters! { $group $out })+)?
                $crate::endpoints! { @batches $out $(; $($nname)+)? }
                $crate::endpoints! { @open $out $(, $streams)? }

                /// Uses the app's own credential, whatever else is held.
                #[inline]
                pub fn as_app(mut self) -> Self {
                    self.0.call.auth_mode = $crate::AuthMode::App;
                    self
                }
                /// Uses a user's credential, whatever else is held.
                #[inline]
                pub fn as_user(mut self) -> Self {
                    self.0.call.auth_mode = $crate::AuthMode::User;
                    self
                }
                /// How long the whole call may take.
                #[inline]
                pub fn timeout(mut self, limit: ::std::time::Duration) -> Self {
                    self.0.call.timeout = Some(limit);
                    self
                }
                /// The call as data, unsent.
                #[inline]
                pub fn call(&self) -> &$crate::Call {
                    &self.0.call
                }
                /// Sends the call and gives the answer as it came, undecoded.
                ///
                /// # Errors
                /// As with `.await`, but that of a body which cannot be read.
                #[inline]
                pub fn raw(self) -> $crate::BoxFuture<Result<$crate::RawResponse, $crate::Error>> {
                    self.0.send_raw()
                }
                /// Sends the call and blocks until the reply is there.
                ///
                /// # Errors
                /// As with `.await`; and inside an async runtime, where blocking would stop other tasks.
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
                assert!($crate::endpoint::holes_match($builder::ENDPOINT), concat!("endpoint ", stringify!($method), ": the holes of its path are not its path parameters"));
                assert!($crate::endpoint::body_allowed($builder::ENDPOINT), concat!("endpoint ", stringify!($method), ": a GET has no body"));
                assert!($crate::endpoint::names_unique($builder::ENDPOINT), concat!("endpoint ", stringify!($method), ": a parameter is declared twice"));
                assert!($crate::endpoint::bounds_ordered($builder::ENDPOINT), concat!("endpoint ", stringify!($method), ": bounds are out of order"));
            };

            $crate::endpoints! { @on $on {
                $(#[doc = $doc])+
                #[doc = concat!("\n`", stringify!($verb), " ", $path, "`")]
                $($(#[doc(alias = $alias)])+)?
                #[inline]
                pub fn $method(
                    &self,
                    $($($pname: impl $crate::IntoParam<$pty>,)+)?
                    $($($nname: impl $crate::IntoParam<$nty>,)+)?
                    $($($sname: impl $crate::IntoParam<$sty>,)+)?
                    $($($fname: impl $crate::IntoParam<$fty>,)+)?
                ) -> $builder {
                    $builder::new(self, $($($pname,)+)? $($($nname,)+)? $($($sname,)+)? $($($fname,)+)?)
                }
            } }
        )+

        /// The entries of this area, in the order of their declaration.
        pub static $area: &[&$crate::Endpoint] = &[$($builder::ENDPOINT),+];
    };

    (@id V1 $method:ident) => { concat!("v1.", stringify!($method)) };
    (@id $on:ident $method:ident) => { stringify!($method) };
    (@on V1 { $($method:tt)* }) => { impl $crate::v1::V1 { $($method)* } };
    (@on Client { $($method:tt)* }) => { impl $crate::Client { $($method)* } };
    (@on nothing { $($method:tt)* }) => {};
    (@wire $name:ident) => { stringify!($name) };
    (@wire $name:ident $wire:literal) => { $wire };
    (@batches $out:ty) => {};
    (@batches $out:ty; $($needed:ident)+) => {
        /// Takes a list that is longer than the endpoint allows: sends as many calls as it takes, and joins the replies.
        #[inline]
        pub fn batched(self) -> $crate::Batched<$out> {
            $crate::Batched::new(self.0)
        }
    };
    (@open $out:ty) => {};
    (@open $out:ty, lines) => {
        /// Opens the stream: events for as long as one likes, over a connection that is made anew when it breaks.
        #[inline]
        pub fn open(self) -> $crate::Live<$crate::Typed<<$out as $crate::response::StreamItem>::Item>> {
            self.live().open()
        }

        /// Sets the stream up before it is opened.
        #[inline]
        pub fn live(self) -> $crate::LiveBuilder<$crate::Typed<<$out as $crate::response::StreamItem>::Item>> {
            $crate::LiveBuilder::new(self.0)
        }
    };
    (@open $out:ty, messages) => {
        /// Opens the stream: messages for as long as one likes, over a connection that is made anew when it breaks.
        #[inline]
        pub fn open(self) -> $crate::Live<$crate::Messages> {
            self.live().open()
        }

        /// Sets the stream up before it is opened.
        #[inline]
        pub fn live(self) -> $crate::LiveBuilder<$crate::Messages> {
            $crate::LiveBuilder::of_v1(self.0)
        }
    };
    (@streams) => { false };
    (@streams messages) => { true };
    (@streams lines) => { true };
    (@option) => { None };
    (@option $text:literal) => { Some($text) };
    (@auths none) => { &[] };
    (@auths $($auth:ident $([$($scope:literal),*])?),+) => { &[$($crate::endpoints!(@auth $auth $([$($scope),*])?)),+] };
    (@auth $auth:ident) => { $crate::Auth::$auth };
    (@auth $auth:ident [$($scope:literal),*]) => { $crate::Auth::$auth(&[$($scope),*]) };
    (@param $name:expr, $place:ident, $ty:ty, $doc:expr, $need:ident $(, $lo:literal, $hi:literal)?) => {
        $crate::Param {
            name: $name,
            location: $crate::ParamLocation::$place,
            kind: <$ty as $crate::model::ParamType>::KIND $(.within($lo, $hi))?,
            required: $crate::endpoints!(@needed $need),
            me: $crate::endpoints!(@me $need),
            doc: $doc,
        }
    };
    (@needed optional) => { false };
    (@needed $need:ident) => { true };
    (@me me) => { true };
    (@me $need:ident) => { false };
}
