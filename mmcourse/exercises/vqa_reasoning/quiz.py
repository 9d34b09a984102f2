"""Quiz of the page `vqa_reasoning`."""
