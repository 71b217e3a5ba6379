package dev.weft.loadtests.peer.docker;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Map;

/** Short ways to write and read JSON objects. */
final class Json {

    private Json() {}

    static JsonObject object(Map<String, JsonElement> members) {
        JsonObject object = new JsonObject();
        members.forEach(object::add);
        return object;
    }

    static JsonElement text(String value) {
        return new JsonPrimitive(value);
    }

    static JsonElement flag(boolean value) {
        return new JsonPrimitive(value);
    }

    static JsonArray texts(List<String> values) {
        JsonArray array = new JsonArray();
        values.forEach(array::add);
        return array;
    }

    /** Follows member names down to a text. */
    static String text(JsonElement from, String... path) {
        JsonElement at = from;
        for (String name : path) {
            at = at.getAsJsonObject().get(name);
            if (at == null) {
                throw new IllegalStateException("no member " + String.join(".", path) + " in " + from);
            }
        }
        return at.getAsString();
    }
}
