"""The server's configuration over the API; secrets (keys, user, password) are not offered at all."""

from __future__ import annotations

import strawberry
from strawberry.types import Info

from stashbench.embedded.graphql.fields import query
from stashbench.embedded.graphql.general import GENERAL_KEYS, ConfigGeneralResult, PreviewPreset
from stashbench.embedded.graphql.rows import Row
from stashbench.embedded.graphql.scalars import Map, PluginConfigMap


@strawberry.type
class GeneratePreviewOptions:
    """How previews are made."""

    preview_segments: int | None = strawberry.field(name="previewSegments")
    preview_segment_duration: float | None = strawberry.field(name="previewSegmentDuration")
    preview_exclude_start: str | None = strawberry.field(name="previewExcludeStart")
    preview_exclude_end: str | None = strawberry.field(name="previewExcludeEnd")
    preview_preset: PreviewPreset | None = strawberry.field(name="previewPreset")


@strawberry.type
class ScanMetadataOptions:
    """What a scan makes besides entries."""

    rescan: bool
    scan_generate_covers: bool = strawberry.field(name="scanGenerateCovers")
    scan_generate_previews: bool = strawberry.field(name="scanGeneratePreviews")
    scan_generate_image_previews: bool = strawberry.field(name="scanGenerateImagePreviews")
    scan_generate_sprites: bool = strawberry.field(name="scanGenerateSprites")
    scan_generate_phashes: bool = strawberry.field(name="scanGeneratePhashes")
    scan_generate_thumbnails: bool = strawberry.field(name="scanGenerateThumbnails")
    scan_generate_clip_previews: bool = strawberry.field(name="scanGenerateClipPreviews")


@strawberry.type
class GenerateMetadataOptions:
    """What the generate task makes."""

    covers: bool | None
    sprites: bool | None
    previews: bool | None
    image_previews: bool | None = strawberry.field(name="imagePreviews")
    preview_options: GeneratePreviewOptions | None = strawberry.field(name="previewOptions")
    markers: bool | None
    marker_image_previews: bool | None = strawberry.field(name="markerImagePreviews")
    marker_screenshots: bool | None = strawberry.field(name="markerScreenshots")
    transcodes: bool | None
    phashes: bool | None
    interactive_heatmaps_speeds: bool | None = strawberry.field(name="interactiveHeatmapsSpeeds")
    image_thumbnails: bool | None = strawberry.field(name="imageThumbnails")
    clip_previews: bool | None = strawberry.field(name="clipPreviews")


@strawberry.type
class ConfigDefaultSettingsResult:
    """What tasks do unless told otherwise; null until somebody saved it, as on a new system."""

    scan: ScanMetadataOptions | None
    generate: GenerateMetadataOptions | None
    delete_file: bool | None = strawberry.field(name="deleteFile")
    delete_generated: bool | None = strawberry.field(name="deleteGenerated")


@strawberry.type
class ConfigInterfaceResult:
    """What the web interface does."""

    language: str | None
    menu_items: list[str] | None = strawberry.field(name="menuItems")
    sound_on_preview: bool | None = strawberry.field(name="soundOnPreview")
    wall_show_title: bool | None = strawberry.field(name="wallShowTitle")
    no_browser: bool | None = strawberry.field(name="noBrowser")
    sfw_content_mode: bool = strawberry.field(name="sfwContentMode")


@strawberry.type
class ConfigResult:
    """The configuration by area."""

    general: ConfigGeneralResult
    interface: ConfigInterfaceResult
    defaults: ConfigDefaultSettingsResult
    ui: Map

    @strawberry.field
    def plugins(self, include: list[strawberry.ID] | None = strawberry.UNSET) -> PluginConfigMap:
        """Return settings of plugins; there are none, whichever are asked for."""
        del include
        return PluginConfigMap({})


_MENU = ["scenes", "images", "groups", "markers", "galleries", "performers", "studios", "tags"]


@strawberry.type
class ConfigurationQueries:
    """Queries for the configuration."""

    @query("configuration", ConfigResult)
    def configuration(self, info: Info) -> Row:
        """Return the configuration from memory."""
        values = info.context["state"].configuration
        general = {**values, "stashes": [_root(root) for root in values["stashes"]]}
        return Row(
            general=Row(**{name: general[key] for name, key in GENERAL_KEYS.items()}),
            interface=Row(
                language="en-US",
                menu_items=_MENU,
                sound_on_preview=False,
                wall_show_title=True,
                no_browser=True,
                sfw_content_mode=False,
            ),
            defaults=Row(scan=None, generate=None, delete_file=False, delete_generated=True),
            ui={},
        )


def _root(root: dict[str, object]) -> Row:
    return Row(path=root["path"], exclude_video=root["excludeVideo"], exclude_image=root["excludeImage"])
