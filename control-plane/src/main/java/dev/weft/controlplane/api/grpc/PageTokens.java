package dev.weft.controlplane.api.grpc;

import dev.weft.controlplane.service.ServiceException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/**
 * Cuts a list into pages. A token holds the sort key of the last object of its page, so the next page begins after it
 * whatever was made or deleted meanwhile: nothing that stays is left out or comes twice. Each page is of the newest
 * revision, which the reply names.
 */
final class PageTokens {

    private static final int DEFAULT_SIZE = 500;
    private static final int MAX_SIZE = 1000;
    private static final String VERSION = "1:";

    private PageTokens() {}

    /**
     * A part of a list.
     *
     * @param nextToken empty on the last page
     */
    record Page<T>(List<T> items, String nextToken) {}

    /**
     * @param all sorted by the key
     * @param key unique
     */
    static <T> Page<T> page(List<T> all, Function<T, String> key, int pageSize, String token) {
        if (pageSize < 0 || pageSize > MAX_SIZE) {
            throw ServiceException.invalid(
                    "page_size", "invalid page_size " + pageSize + ": it should be 0 to " + MAX_SIZE);
        }
        int size = pageSize == 0 ? DEFAULT_SIZE : pageSize;
        int begin = token.isEmpty() ? 0 : firstAfter(all, key, decode(token));
        int end = Math.min(all.size(), begin + size);
        List<T> items = all.subList(begin, end);
        return new Page<>(items, end < all.size() ? encode(key.apply(items.getLast())) : "");
    }

    private static <T> int firstAfter(List<T> all, Function<T, String> key, String last) {
        int low = 0;
        int high = all.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (key.apply(all.get(middle)).compareTo(last) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static String encode(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString((VERSION + key).getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            if (text.startsWith(VERSION)) {
                return text.substring(VERSION.length());
            }
        } catch (IllegalArgumentException e) {
            throw badToken();
        }
        throw badToken();
    }

    private static ServiceException badToken() {
        return ServiceException.invalid(
                "page_token", "invalid page_token: it should be the next_page_token of an earlier reply");
    }
}
