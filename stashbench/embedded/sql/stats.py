"""The dashboard's numbers: fifteen aggregates, computed anew for each request."""

from __future__ import annotations

_SCENE_FILES = (
    "FROM scenes INNER JOIN scenes_files ON scenes.id = scenes_files.scene_id "
    "INNER JOIN files ON scenes_files.file_id = files.id"
)
_SCENE_VIDEOS = (
    "FROM scenes INNER JOIN scenes_files ON scenes_files.scene_id = scenes.id "
    "INNER JOIN video_files ON video_files.file_id = scenes_files.file_id"
)
_IMAGE_FILES = (
    "FROM images INNER JOIN images_files ON images.id = images_files.image_id "
    "INNER JOIN files ON images_files.file_id = files.id"
)

STATS: dict[str, str] = {
    "scene_count": "SELECT COUNT(*) FROM scenes",
    "scenes_size": f"SELECT COALESCE(SUM(files.size), 0) {_SCENE_FILES}",
    "scenes_duration": f"SELECT COALESCE(SUM(video_files.duration), 0) {_SCENE_VIDEOS}",
    "image_count": "SELECT COUNT(*) FROM images",
    "images_size": f"SELECT COALESCE(SUM(files.size), 0) {_IMAGE_FILES}",
    "gallery_count": "SELECT COUNT(*) FROM galleries",
    "performer_count": "SELECT COUNT(*) FROM performers",
    "studio_count": "SELECT COUNT(*) FROM studios",
    "group_count": "SELECT COUNT(*) FROM groups",
    "tag_count": "SELECT COUNT(*) FROM tags",
    "scenes_o_count": "SELECT COUNT(*) FROM scenes_o_dates",
    "images_o_count": "SELECT COALESCE(SUM(o_counter), 0) FROM images",
    "total_play_duration": "SELECT COALESCE(SUM(play_duration), 0) FROM scenes",
    "total_play_count": "SELECT COUNT(*) FROM scenes_view_dates",
    "scenes_played": "SELECT COUNT(DISTINCT scenes_view_dates.scene_id) FROM scenes_view_dates",
}
"""Statement by name, in Stash's order; both O counts make `total_o_count`."""
