# ruff: noqa: E501
"""Changes of solutions that nobody could see: {exercise: {(what is changed, its statement): why}}."""

# fmt: off
EQUIVALENT = {
    "attention.attend": {
        ('-1 -> 1', 'scores = q @ k[keep].T / np.sqrt(q.shape[-1])'):
            'two axes: the same one',
        ('-1 -> 1', 'e = np.exp(scores - scores.max(axis=-1, keepdims=True))'):
            'the same axis',
        ('-1 -> 1', 'weights[:, keep] = e / e.sum(axis=-1, keepdims=True)'):
            'the same axis',
    },
    "attention.policy": {
        ('-1 -> 1', 'e = np.exp(scores - scores.max(axis=-1, keepdims=True))'):
            'the same axis',
        ('-1 -> 1', 'a = e / e.sum(axis=-1, keepdims=True)'):
            'the same axis',
    },
    "attention.words": {
        ('regions.swapaxes(1, 2) -> regions.swapaxes(2, 1)', 'scores = words @ regions.swapaxes(1, 2) / np.sqrt(d)'):
            'symmetric',
    },
    "audio.cepstrum": {
        ('np.maximum(mel, 1e-10) -> np.maximum(1e-10, mel)', 'decibels = 10 * np.log10(np.maximum(mel, 1e-10))'):
            'symmetric',
    },
    "audio.direction": {
        ('0 -> 1 (2)', 'h = np.zeros((frames.shape[0], U.shape[0]))'):
            'U is square',
    },
    "audio.spectrum": {
        ('0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size) -> 0.5 * np.cos(2 * np.pi * np.arange(size) / size) - 0.5', 'window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)'):
            "the window's sign vanishes in the square",
    },
    "autoencoder.line": {
        ('train - mean -> mean - train', 'axes = np.linalg.svd(train - mean, full_matrices=False)[2][:d]'):
            'same directions up to sign, which cancels',
        ('False -> True', 'axes = np.linalg.svd(train - mean, full_matrices=False)[2][:d]'):
            'n > k: the third result is (k, k) either way',
    },
    "autoencoder.meeting": {
        ('np.maximum(count, 1) -> np.maximum(1, count)', 'return total / np.maximum(count, 1)[:, None]'):
            'symmetric',
    },
    "autoencoder.named": {
        ('((targets[name] - rebuilt[name]) ** 2).sum(axis=1) -> (targets[name] - rebuilt[name]) ** 2', 'each = ((targets[name] - rebuilt[name]) ** 2).sum(axis=1)'):
            'what is known is summed afterwards anyway',
        ('targets[name] - rebuilt[name] -> rebuilt[name] - targets[name]', 'each = ((targets[name] - rebuilt[name]) ** 2).sum(axis=1)'):
            'squared',
        ('max(known.sum(), 1) -> max(1, known.sum())', 'total += weights.get(name, 1) * each[known].sum() / max(known.sum(), 1)'):
            'symmetric',
    },
    "captioning.loss": {
        ('np.take_along_axis(logp, targets[..., None], axis=-1) -> np.take_along_axis(logp, targets[..., None])', 'of_targets = np.take_along_axis(logp, targets[..., None], axis=-1)'):
            '-1 is the default axis',
    },
    "captioning_attention.gumbel": {
        ('-1 -> 1', 'e = np.exp((noisy - noisy.max(axis=-1, keepdims=True)) / tau)'):
            'the same axis',
        ('-1 -> 1', 'y = e / e.sum(axis=-1, keepdims=True)'):
            'the same axis',
        ('-1 -> 1', 'gradient = y * (slope - (y * slope).sum(axis=-1, keepdims=True)) / tau'):
            'the same axis',
        ('-1 -> 1', 'return (noisy.argmax(axis=-1), gradient)'):
            'the same axis',
    },
    "captioning_attention.penalty": {
        ('1 - looked -> looked - 1', 'return ((1 - looked) ** 2).mean()'):
            'squared',
    },
    "captioning_decoding.beam": {
        ("np.argsort(-total, kind='stable') -> np.argsort(-total)", "best = np.argsort(-total, kind='stable')[:k]"):
            'no ties are drawn, and the task says nothing about ties',
    },
    "captioning_decoding.bleu": {
        ('n - 1 -> 1 - n', 'matches[n - 1] += (counts & most).total()'):
            'four different slots, then a mean over them',
        ('1 -> 2', 'matches[n - 1] += (counts & most).total()'):
            'four different slots, then a mean over them',
        ('n - 1 -> 1 - n', 'totals[n - 1] += counts.total()'):
            'the mean of the logarithms does not depend on how slots are paired',
        ('1 -> 2', 'totals[n - 1] += counts.total()'):
            'the mean of the logarithms does not depend on how slots are paired',
        ('r - len(candidate) -> len(candidate) - r', 'closest += min(lengths, key=lambda r: (abs(r - len(candidate)), r))'):
            'inside abs',
        ('min(1.0, np.exp(1 - closest / length)) -> min(np.exp(1 - closest / length), 1.0)', 'brevity = min(1.0, np.exp(1 - closest / length))'):
            'min is symmetric',
        ('float(brevity * np.exp(np.log(matches / totals).mean())) -> brevity * np.exp(np.log(matches / totals).mean())', 'return float(brevity * np.exp(np.log(matches / totals).mean()))'):
            'the same number',
    },
    "captioning_decoding.greedy": {
        ('-1 -> 1', "tokens = np.where(ended, 0, logits.argmax(axis=-1)).astype('int32')"):
            'logits have two axes',
    },
    "contrastive.classify": {
        ('units.mean -> units.sum', 'classes = units.mean(axis=1)'):
            'normalised afterwards',
        ('-1 -> 1', 'classes = classes / np.linalg.norm(classes, axis=-1, keepdims=True)'):
            'two axes',
    },
    "contrastive.hardest": {
        ('same.all(axis=1) -> same.all()', 'return np.where(same.all(axis=1), -1, others.argmax(axis=1))'):
            'a row is all "same" only if every identity is equal',
        ('1 -> 0', 'return np.where(same.all(axis=1), -1, others.argmax(axis=1))'):
            'the matrix `same` is symmetric',
    },
    "cross_attention.fuse": {
        ('-1 -> 1', 'scores = words @ regions.T / np.sqrt(words.shape[-1])'):
            'two axes: the same one',
        ('scores - scores.max(axis=-1, keepdims=True) -> scores + scores.max(axis=-1, keepdims=True)', 'e = np.exp(scores - scores.max(axis=-1, keepdims=True))'):
            'a constant for each row leaves the softmax as it is',
        ('scores - scores.max(axis=-1, keepdims=True) -> scores', 'e = np.exp(scores - scores.max(axis=-1, keepdims=True))'):
            'a constant for each row leaves the softmax as it is; no score overflows, and none is promised to',
        ('scores.max(axis=-1, keepdims=True) -> scores.max(keepdims=True)', 'e = np.exp(scores - scores.max(axis=-1, keepdims=True))'):
            'a constant for all leaves the softmax as it is',
        ('scores.max -> scores.min', 'e = np.exp(scores - scores.max(axis=-1, keepdims=True))'):
            'a constant for each row leaves the softmax as it is',
        ('-1 -> 1', 'e = np.exp(scores - scores.max(axis=-1, keepdims=True))'):
            'the same axis',
        ('-1 -> 1', 'found = e / e.sum(axis=-1, keepdims=True) @ regions'):
            'the same axis',
        ('-1 -> 1', 'return np.concatenate([words, found], axis=-1) @ W'):
            'the same axis',
    },
    "cross_attention.values": {
        ('-1 -> 1', 'scores = q @ k.T / np.sqrt(k.shape[-1])'):
            'two axes: the same one',
        ('scores - scores.max(axis=-1, keepdims=True) -> scores + scores.max(axis=-1, keepdims=True)', 'e = np.exp(scores - scores.max(axis=-1, keepdims=True))'):
            'a constant for each row leaves the softmax as it is',
        ('scores - scores.max(axis=-1, keepdims=True) -> scores', 'e = np.exp(scores - scores.max(axis=-1, keepdims=True))'):
            'a constant for each row leaves the softmax as it is',
        ('scores.max(axis=-1, keepdims=True) -> scores.max(keepdims=True)', 'e = np.exp(scores - scores.max(axis=-1, keepdims=True))'):
            'a constant for all leaves the softmax as it is',
        ('-1 -> 1', 'e = np.exp(scores - scores.max(axis=-1, keepdims=True))'):
            'the same axis',
        ('-1 -> 1', 'return e / e.sum(axis=-1, keepdims=True) @ v'):
            'the same axis',
    },
    "fusion.query": {
        ('-1 -> 1', 'lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)'):
            'a has two axes: the same one',
        ('np.linalg.norm(b, axis=-1) -> np.linalg.norm(b)', 'lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)'):
            'b is one vector',
        ('1 -> 0 (2)', 'lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)'):
            'b is one vector: axis 0 is its last',
        ('-1 -> 1', 'return (a * b).sum(axis=-1) / lengths'):
            'two axes: the same one',
        ('cosine(words, query) -> cosine(query, words)', 's = 4 * np.stack([cosine(words, query), cosine(voice, query)], axis=1)'):
            'symmetric',
        ('cosine(voice, query) -> cosine(query, voice)', 's = 4 * np.stack([cosine(words, query), cosine(voice, query)], axis=1)'):
            'symmetric',
    },
    "fusion.weighted": {
        ('s.max(axis=1, keepdims=True) -> s.max(keepdims=True)', 'top = s.max(axis=1, keepdims=True)'):
            'a constant for all leaves the softmax as it is',
        ('s.max -> s.min', 'top = s.max(axis=1, keepdims=True)'):
            'a constant for each row (or 0) leaves the softmax as it is',
        ('s - np.where(np.isfinite(top), top, 0) -> s + np.where(np.isfinite(top), top, 0)', 'e = np.exp(s - np.where(np.isfinite(top), top, 0))'):
            'a constant for each row leaves the softmax as it is',
        ('s - np.where(np.isfinite(top), top, 0) -> s', 'e = np.exp(s - np.where(np.isfinite(top), top, 0))'):
            'a constant for each row leaves the softmax as it is',
        ('np.where(np.isfinite(top), top, 0) -> np.where(top, np.isfinite(top), 0)', 'e = np.exp(s - np.where(np.isfinite(top), top, 0))'):
            'subtracts 1 or 0 for each row: the softmax stays',
        ('0 -> 1', 'e = np.exp(s - np.where(np.isfinite(top), top, 0))'):
            'only where all scores are -inf: the exponentials stay 0',
        ('0 -> 1', 'weights = e / np.where(total > 0, total, 1)'):
            'the largest exponential is 1, so a total is 0 or at least 1, and a total of 1 divides by 1 either way',
        ('1 -> 2', 'weights = e / np.where(total > 0, total, 1)'):
            '0 divided by anything is 0',
        ('0 -> 1', 'h = np.where(there[:, :, None], h, 0)'):
            'its weight is 0',
    },
    "fusion_choice.peeking": {
        ('np.mean -> np.sum', 'best = max(dev, key=lambda name: np.mean(dev[name]))'):
            'all methods have the same number of seeds: the same order',
        ('float(np.mean(test[best])) -> np.mean(test[best])', 'return (best, float(np.mean(test[best])))'):
            'a NumPy float is the same number',
    },
    "fusion_levels.decide": {
        ('0.0 -> 1.0', 'x = np.where(keep, logits, 0.0)'):
            'equal scores give 1/k whatever their value, and they are masked out elsewhere',
    },
    "graphical.count": {
        ('float(pseudo_count) -> pseudo_count', 'counts = np.full(sizes, float(pseudo_count))'):
            'a whole pseudo-count makes an int array of whole counts, which is exact',
    },
    "image.convolve": {
        ('1 -> 2 (2)', 'padded = np.pad(x, ((1, 1), (1, 1), (0, 0)))'):
            'a second row of zeros below is never read',
        ('1 -> 2 (4)', 'padded = np.pad(x, ((1, 1), (1, 1), (0, 0)))'):
            'a second column of zeros at the right is never read',
    },
    "image_objects.overlap": {
        ('np.maximum(a[:, None, :2], b[None, :, :2]) -> np.maximum(b[None, :, :2], a[:, None, :2])', 'low = np.maximum(a[:, None, :2], b[None, :, :2])'):
            'commutative',
        ('np.minimum(a[:, None, 2:], b[None, :, 2:]) -> np.minimum(b[None, :, 2:], a[:, None, 2:])', 'high = np.minimum(a[:, None, 2:], b[None, :, 2:])'):
            'commutative',
        ('np.maximum(high - low, 0) -> np.maximum(0, high - low)', 'both = np.prod(np.maximum(high - low, 0), axis=-1)'):
            'commutative',
        ('a[:, 2:] - a[:, :2] -> a[:, :2] - a[:, 2:]', 'area_a, area_b = (np.prod(a[:, 2:] - a[:, :2], axis=1), np.prod(b[:, 2:] - b[:, :2], axis=1))'):
            'two minus signs cancel in the product',
        ('b[:, 2:] - b[:, :2] -> b[:, :2] - b[:, 2:]', 'area_a, area_b = (np.prod(a[:, 2:] - a[:, :2], axis=1), np.prod(b[:, 2:] - b[:, :2], axis=1))'):
            'two minus signs cancel in the product',
    },
    "image_objects.precision": {
        ('float((best * hit).sum() / there) -> (best * hit).sum() / there', 'return float((best * hit).sum() / there)'):
            'a NumPy number is a number',
    },
    "missing.average": {
        ('np.maximum(present.sum(axis=1, keepdims=True), 1) -> np.maximum(1, present.sum(axis=1, keepdims=True))', 'count = np.maximum(present.sum(axis=1, keepdims=True), 1)'):
            'the maximum is symmetric',
    },
    "missing.ceiling": {
        ('-1 -> 1', 'only_first = p.sum(axis=1).max(axis=-1).sum()'):
            'of two axes the last is axis 1',
        ('-1 -> 1', 'only_second = p.sum(axis=0).max(axis=-1).sum()'):
            'of two axes the last is axis 1',
    },
    "missing.drop": {
        ('1 -> 0', 'place = np.where(present, lot, -1).argmax(axis=1)'):
            'the task says that no lot is 0: all lots are above 0',
        ('1 -> 2', 'place = np.where(present, lot, -1).argmax(axis=1)'):
            '-2 is below every lot, as -1 is',
    },
    "modalities.ceiling": {
        ('-1 -> 1', 'return (first.max(axis=-1).sum(), second.max(axis=-1).sum(), p.max(axis=-1).sum())'):
            'of two axes the last is axis 1',
        ('-1 -> 1 (2)', 'return (first.max(axis=-1).sum(), second.max(axis=-1).sum(), p.max(axis=-1).sum())'):
            'of two axes the last is axis 1',
    },
    "modalities.scales": {
        ('1.0 -> 2.0', 'deviation = np.where(deviation == 0, 1.0, deviation)'):
            'such a column never changes, later neither (task): 0 / 2 = 0 / 1',
    },
    "modalities_challenges.bridge": {
        ('z - z_mean -> z + z_mean', 'xc, zc = (x - x_mean, z - z_mean)'):
            'xc sums to 0 in each column, so xc.T takes away any constant in z',
        ('z - z_mean -> z', 'xc, zc = (x - x_mean, z - z_mean)'):
            'xc sums to 0 in each column, so xc.T takes away any constant in z',
    },
    "modalities_challenges.ranks": {
        ('queries / np.linalg.norm(queries, axis=1, keepdims=True) -> queries * np.linalg.norm(queries, axis=1, keepdims=True)', 'q = queries / np.linalg.norm(queries, axis=1, keepdims=True)'):
            'a positive factor for each query does not change the order in its row',
        ('queries / np.linalg.norm(queries, axis=1, keepdims=True) -> queries', 'q = queries / np.linalg.norm(queries, axis=1, keepdims=True)'):
            'a positive factor for each query does not change the order in its row',
        ('np.linalg.norm(queries, axis=1, keepdims=True) -> np.linalg.norm(queries, keepdims=True)', 'q = queries / np.linalg.norm(queries, axis=1, keepdims=True)'):
            'a positive factor for each query does not change the order in its row',
        ('similar >= right - 1e-09 -> similar > right - 1e-09', 'return (similar >= right - 1e-09).sum(axis=1)'):
            'nothing lies exactly 1e-9 below the right cosine',
        ('right - 1e-09 -> right', 'return (similar >= right - 1e-09).sum(axis=1)'):
            'drawn ties are exact, and the right cosine is taken from the same table',
        ('1e-09 -> 2e-09', 'return (similar >= right - 1e-09).sum(axis=1)'):
            'no two compared cosines are that near without being equal',
    },
    "modalities_tasks.choose": {
        ('int(chosen) -> chosen', 'return (int(chosen), float(test_scores[chosen]))'):
            'a NumPy integer is the same number',
        ('float(test_scores[chosen]) -> test_scores[chosen]', 'return (int(chosen), float(test_scores[chosen]))'):
            'a NumPy float is the same number',
    },
    "modalities_tasks.multilabel": {
        ('np.logaddexp(0, logits) -> np.logaddexp(logits, 0)', 'each = np.logaddexp(0, logits) - targets * logits'):
            'symmetric',
    },
    "preparation.selection": {
        ('x.mean(axis=0) -> x.mean()', 'return (x.mean(axis=0), x.std(axis=0))'):
            'a shift that both parts share changes neither distances nor differences of means',
        ('x.mean -> x.sum', 'return (x.mean(axis=0), x.std(axis=0))'):
            'a shift that both parts share changes neither distances nor differences of means',
        ('x[y == 1].mean(axis=0) - x[y == 0].mean(axis=0) -> x[y == 1].mean(axis=0)', 'apart = np.abs(x[y == 1].mean(axis=0) - x[y == 0].mean(axis=0))'):
            "columns are centred, so one label's mean is proportional to the difference: the same order",
        ('x[y == 1].mean(axis=0) - x[y == 0].mean(axis=0) -> x[y == 0].mean(axis=0)', 'apart = np.abs(x[y == 1].mean(axis=0) - x[y == 0].mean(axis=0))'):
            "columns are centred, so one label's mean is proportional to the difference: the same order",
        ('x[y == 1].mean(axis=0) - x[y == 0].mean(axis=0) -> x[y == 0].mean(axis=0) - x[y == 1].mean(axis=0)', 'apart = np.abs(x[y == 1].mean(axis=0) - x[y == 0].mean(axis=0))'):
            'inside an absolute value',
        ('x[y == 1].mean -> x[y == 1].sum', 'apart = np.abs(x[y == 1].mean(axis=0) - x[y == 0].mean(axis=0))'):
            'columns are centred: proportional, the same order',
        ('x[y == 0].mean -> x[y == 0].sum', 'apart = np.abs(x[y == 1].mean(axis=0) - x[y == 0].mean(axis=0))'):
            'columns are centred: proportional, the same order',
        ('((asked[:, None] - known) ** 2).sum -> ((asked[:, None] - known) ** 2).mean', 'distance = ((asked[:, None] - known) ** 2).sum(axis=2)'):
            'ten columns always: the same order of neighbours',
        ('asked[:, None] - known -> known - asked[:, None]', 'distance = ((asked[:, None] - known) ** 2).sum(axis=2)'):
            'squared',
        ('np.argsort(distance, axis=1) -> np.argsort(distance)', 'votes = labels[np.argsort(distance, axis=1)[:, :3]].mean(axis=1)'):
            'the last axis is axis 1',
        ('votes > 0.5 -> votes >= 0.5', 'return np.mean((votes > 0.5) == right)'):
            'three votes are never at one half',
    },
    "preparation.split_speakers": {
        ('max(1, round(share * len(people))) -> max(round(share * len(people)), 1)', 'count = max(1, round(share * len(people)))'):
            'symmetric',
    },
    "product_search.popular": {
        ('1 -> 2', 'counts = np.bincount(item[past], minlength=item.max() + 1)'):
            'one more item that nobody ever buys, behind all others',
        ('1 -> 2', 'open_to[item[past & (user == u)]] = -1'):
            '-2 is behind all counts as well',
    },
    "product_search.together": {
        ('np.outer(n, n) -> np.outer(n, n)', 'similar = both / (np.sqrt(np.outer(n, n)) + shrink)'):
            'the same text',
    },
    "ranking.scales": {
        ('np.argsort(-similarity, axis=1) -> np.argsort(-similarity)', 'order = np.argsort(-similarity, axis=1)'):
            'axis -1 is the default and is axis 1 here',
        ('np.argsort(-np.take_along_axis(logits, first, axis=1), axis=1) -> np.argsort(-np.take_along_axis(logits, first, axis=1))', 'again = np.argsort(-np.take_along_axis(logits, first, axis=1), axis=1)'):
            'axis -1 is the default and is axis 1 here',
        ('np.take_along_axis(logits, first, axis=1) -> np.take_along_axis(logits, first)', 'again = np.argsort(-np.take_along_axis(logits, first, axis=1), axis=1)'):
            'axis -1 is the default and is axis 1 here',
        ('np.take_along_axis(first, again, axis=1) -> np.take_along_axis(first, again)', 'return np.concatenate([np.take_along_axis(first, again, axis=1), rest], axis=1)'):
            'axis -1 is the default and is axis 1 here',
    },
    "ranking.swap": {
        ('1 -> 2', 'discount = 1 / np.log2(np.arange(len(grades)) + 2)'):
            'a factor of all discounts cancels',
        ('np.sort(grades)[::-1] @ discount -> discount @ np.sort(grades)[::-1]', 'ideal = np.sort(grades)[::-1] @ discount'):
            'the product of two vectors commutes',
        ('grades[i] - grades[j] -> grades[j] - grades[i]', 'change = (grades[i] - grades[j]) * (discount[i] - discount[j])'):
            'only the sign, and abs() follows',
        ('discount[i] - discount[j] -> discount[j] - discount[i]', 'change = (grades[i] - grades[j]) * (discount[i] - discount[j])'):
            'only the sign, and abs() follows',
    },
    "retrieval_index.lengths": {
        ('np.maximum(size, 1e-12) -> np.maximum(1e-12, size)', 'cosines = vectors @ query / np.maximum(size, 1e-12)'):
            'the maximum commutes',
        ('1e-12 -> 2e-12', 'cosines = vectors @ query / np.maximum(size, 1e-12)'):
            'any tiny number keeps 0 / 0 away',
        ("np.argsort(-cosines, kind='stable') -> np.argsort(-cosines)", "return np.argsort(-cosines, kind='stable')[:k]"):
            'the task does not say which of equal cosines comes first, and none are drawn',
    },
    "retrieval_index.whole": {
        ('1 -> 2', "return np.frombuffer(rest, 'float32').reshape(-1, size)"):
            'NumPy takes any negative length for "as many as there are"',
    },
    "text.negatives": {
        ('-1 -> 1', 's = (u * near).sum(-1)'):
            'two axes: the same one',
        ('np.logaddexp(0, -s) -> np.logaddexp(-s, 0)', 'each = np.logaddexp(0, -s) + np.logaddexp(0, others).sum(axis=1)'):
            'symmetric',
        ('np.logaddexp(0, others) -> np.logaddexp(others, 0)', 'each = np.logaddexp(0, -s) + np.logaddexp(0, others).sum(axis=1)'):
            'symmetric',
    },
    "text.tf_idf": {
        ('1 -> 2', 'return x / np.where(length == 0, 1, length)'):
            'a row of zeros divided by 2 is still a row of zeros',
    },
    "video.fold": {
        ('1 -> 2', 'return encode(pictures).reshape(b, t, -1)'):
            '-1 and -2 in a reshape both mean: whatever is left',
    },
    "vqa.coattend": {
        ('to_regions - to_regions.max() -> to_regions + to_regions.max()', 'a, b = (np.exp(to_regions'):
            'the same is added to all scores: the softmax cancels it',
        ('to_regions - to_regions.max() -> to_regions', 'a, b = (np.exp(to_regions'):
            'scores are small here: nothing overflows',
        ('to_regions.max -> to_regions.min', 'a, b = (np.exp(to_regions'):
            'the same is taken from all scores: the softmax cancels it',
        ('to_words - to_words.max() -> to_words + to_words.max()', 'a, b = (np.exp(to_regions'):
            'the same is added to all scores: the softmax cancels it',
        ('to_words - to_words.max() -> to_words', 'a, b = (np.exp(to_regions'):
            'scores are small here: nothing overflows',
    },
    "vqa.commonest": {
        ('np.unique(families) -> families', 'for f in np.unique(families):'):
            'each family is found again, with the same answer',
    },
}
# fmt: on
