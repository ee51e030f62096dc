"""Methods of `API` that send files or a JSON body."""

from __future__ import annotations

import mimetypes
import time
from typing import Any

from ._v1_endpoint import endpoint, payload
from .utils import list_to_csv

_MAX_CHUNK = 5 * 1024 * 1024
_MAX_CHUNK_COUNT = 1000

_SIGNATURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"GIF8": "image/gif"}
"""First bytes of images."""


def _file_type(filename: Any, file: Any) -> str | None:
    """Returns the media type of a file, from its first bytes or else from its name."""
    if file is None:
        with open(filename, "rb") as opened:
            start = opened.read(12)
    else:
        position = file.tell()
        start = file.read(12)
        file.seek(position)
    if start[:4] == b"RIFF" and start[8:] == b"WEBP":
        return "image/webp"
    known = (kind for signature, kind in _SIGNATURES.items() if start.startswith(signature))
    return next(known, None) or mimetypes.guess_type(str(filename))[0]


def _content(filename: Any, file: Any) -> bytes:
    if file is not None:
        content = file.read()
        return content if isinstance(content, bytes) else bytes(content)
    with open(filename, "rb") as opened:
        return opened.read()


class V1Media:
    """Methods that send files or a JSON body."""

    request: Any

    @payload("status")
    def update_status_with_media(self, status: Any, filename: Any, *, file: Any = None, **kwargs: Any) -> Any:
        """Posts a text with one media file.

        `POST /1.1/statuses/update_with_media.json`
        """
        names = "status possibly_sensitive in_reply_to_status_id lat long place_id display_coordinates"
        return self.request(
            "POST",
            "statuses/update_with_media",
            endpoint_parameters=tuple(names.split()),
            status=status,
            files={"media[]": (filename, _content(filename, file))},
            **kwargs,
        )

    def update_profile_banner(self, filename: Any, *, file: Any = None, **kwargs: Any) -> Any:
        """Sets your banner.

        `POST /1.1/account/update_profile_banner.json`
        """
        return self.request(
            "POST",
            "account/update_profile_banner",
            endpoint_parameters=("width", "height", "offset_left", "offset_top"),
            files={"banner": (filename, _content(filename, file))},
            **kwargs,
        )

    @payload("user")
    def update_profile_image(self, filename: Any, *, file: Any = None, **kwargs: Any) -> Any:
        """Sets your profile image.

        `POST /1.1/account/update_profile_image.json`
        """
        return self.request(
            "POST",
            "account/update_profile_image",
            endpoint_parameters=("include_entities", "skip_status"),
            files={"image": (filename, _content(filename, file))},
            **kwargs,
        )

    @payload("user")
    def verify_credentials(self, **kwargs: Any) -> Any:
        """Returns the authenticated user.

        `GET /1.1/account/verify_credentials.json`
        """
        names = ("include_entities", "skip_status", "include_email")
        if "include_email" in kwargs:
            kwargs["include_email"] = str(kwargs["include_email"]).lower()
        return self.request("GET", "account/verify_credentials", endpoint_parameters=names, **kwargs)

    @payload("direct_message")
    def send_direct_message(
        self,
        recipient_id: Any,
        text: Any,
        *,
        quick_reply_options: Any = None,
        attachment_type: Any = None,
        attachment_media_id: Any = None,
        ctas: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Sends a direct message.

        `POST /1.1/direct_messages/events/new.json`
        """
        message: dict[str, Any] = {"text": text}
        if quick_reply_options is not None:
            message["quick_reply"] = {"type": "options", "options": quick_reply_options}
        if attachment_type is not None and attachment_media_id is not None:
            message["attachment"] = {"type": attachment_type, "media": {"id": attachment_media_id}}
        if ctas is not None:
            message["ctas"] = ctas
        create = {"target": {"recipient_id": recipient_id}, "message_data": message}
        body = {"event": {"type": "message_create", "message_create": create}}
        return self.request("POST", "direct_messages/events/new", json_payload=body, **kwargs)

    get_media_upload_status: Any = endpoint(
        "GET media/upload", "media", "command", required="media_id", command="STATUS", upload_api=True
    )

    def create_media_metadata(self, media_id: Any, alt_text: Any, **kwargs: Any) -> Any:
        """Sets the alternative text of an uploaded file.

        `POST /1.1/media/metadata/create.json`
        """
        body = {"media_id": media_id, "alt_text": {"text": alt_text}}
        return self.request("POST", "media/metadata/create", json_payload=body, upload_api=True, **kwargs)

    def media_upload(
        self,
        filename: Any,
        *,
        file: Any = None,
        chunked: bool = False,
        media_category: Any = None,
        additional_owners: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Uploads a file: a video in chunks, and an image in one request unless `chunked` is set."""
        file_type = _file_type(filename, file)
        options = {"file": file, "media_category": media_category, "additional_owners": additional_owners, **kwargs}
        if chunked or (file_type or "").startswith("video/"):
            return self.chunked_upload(filename, file_type=file_type, **options)
        return self.simple_upload(filename, **options)

    @payload("media")
    def simple_upload(
        self,
        filename: Any,
        *,
        file: Any = None,
        media_category: Any = None,
        additional_owners: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Uploads an image in one request.

        `POST /1.1/media/upload.json`
        """
        fields = {"media_category": media_category, "additional_owners": list_to_csv(additional_owners)}
        return self._upload(fields, files={"media": (filename, _content(filename, file))}, **kwargs)

    def chunked_upload(
        self,
        filename: Any,
        *,
        file: Any = None,
        file_type: Any = None,
        wait_for_async_finalize: bool = True,
        media_category: Any = None,
        additional_owners: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Uploads a file in chunks, and waits until X has processed it. `chunk_size` is 1 MiB by default."""
        opened = file or open(filename, "rb")
        try:
            start = opened.tell()
            size = opened.seek(0, 2) - start
            opened.seek(start)
            smallest = -(-size // _MAX_CHUNK_COUNT)
            chunk_size = max(min(kwargs.pop("chunk_size", 1024 * 1024), _MAX_CHUNK), smallest)
            about = {"media_category": media_category, "additional_owners": additional_owners}
            media_id = self.chunked_upload_init(size, file_type, **about, **kwargs).media_id
            for index in range(-(-size // chunk_size)):
                self.chunked_upload_append(media_id, (filename, opened.read(chunk_size)), index, **kwargs)
        finally:
            opened.close()
        media = self.chunked_upload_finalize(media_id, **kwargs)
        while wait_for_async_finalize and _is_processed_later(media):
            time.sleep(media.processing_info["check_after_secs"])
            media = self.get_media_upload_status(media_id, **kwargs)
        return media

    def chunked_upload_append(self, media_id: Any, media: Any, segment_index: Any, **kwargs: Any) -> Any:
        """Uploads one chunk: a tuple of name and content.

        `POST /1.1/media/upload.json`, command APPEND
        """
        fields = {"command": "APPEND", "media_id": media_id, "segment_index": segment_index}
        return self._upload(fields, files={"media": media}, **kwargs)

    @payload("media")
    def chunked_upload_finalize(self, media_id: Any, **kwargs: Any) -> Any:
        """Completes an upload in chunks.

        `POST /1.1/media/upload.json`, command FINALIZE
        """
        return self._upload({"command": "FINALIZE", "media_id": media_id}, **kwargs)

    @payload("media")
    def chunked_upload_init(
        self,
        total_bytes: Any,
        media_type: Any,
        *,
        media_category: Any = None,
        additional_owners: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Begins an upload in chunks.

        `POST /1.1/media/upload.json`, command INIT
        """
        fields = {
            "command": "INIT",
            "total_bytes": total_bytes,
            "media_type": media_type,
            "media_category": media_category,
            "additional_owners": list_to_csv(additional_owners),
        }
        return self._upload(fields, **kwargs)

    def _upload(self, fields: dict[str, Any], **kwargs: Any) -> Any:
        sent = {name: value for name, value in fields.items() if value is not None}
        return self.request("POST", "media/upload", post_data=sent, upload_api=True, **kwargs)


def _is_processed_later(media: Any) -> bool:
    state = getattr(media, "processing_info", None) or {}
    return state.get("state") in ("pending", "in_progress") and "error" not in state
