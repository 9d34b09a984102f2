"""Product search: by words, by a picture, by a picture with a change; and what to show to whom."""

from mmcourse.product_search.composer import GatedComposer, draw_changes, same_but
from mmcourse.product_search.recommend import blend, content, item_item, popularity, social

__all__ = ["GatedComposer", "blend", "content", "draw_changes", "item_item", "popularity", "same_but", "social"]
