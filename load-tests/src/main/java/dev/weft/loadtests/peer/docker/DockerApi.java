package dev.weft.loadtests.peer.docker;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.weft.loadtests.peer.docker.HttpOverUnix.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Docker Engine's HTTP API. Not for several threads at once. */
final class DockerApi implements AutoCloseable {

    /** Docker 20.10's, so that newer engines answer as well. */
    private static final String VERSION = "/v1.41";

    private final HttpOverUnix http;

    DockerApi(Path socket) throws IOException {
        http = new HttpOverUnix(socket);
    }

    JsonElement get(String target) {
        return json("GET", target, new byte[0]);
    }

    JsonElement post(String target, JsonObject body) {
        return json("POST", target, body.toString().getBytes(StandardCharsets.UTF_8));
    }

    void delete(String target) {
        json("DELETE", target, new byte[0]);
    }

    /** Sends a tar archive; the answer is a stream of progress, which is dropped. */
    void postTar(String target, byte[] tar) {
        checked("POST", target, "application/x-tar", tar);
    }

    private JsonElement json(String method, String target, byte[] body) {
        Reply reply = checked(method, target, "application/json", body);
        return reply.body().isBlank() ? JsonNull.INSTANCE : JsonParser.parseString(reply.body());
    }

    private Reply checked(String method, String target, String contentType, byte[] body) {
        try {
            Reply reply = http.send(method, VERSION + target, contentType, body);
            if (reply.status() >= 400) {
                throw new IllegalStateException("Docker refused %s %s with %d: %s"
                        .formatted(method, target, reply.status(), reply.body().strip()));
            }
            return reply;
        } catch (IOException e) {
            throw new UncheckedIOException("%s %s at Docker: %s".formatted(method, target, e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        try {
            http.close();
        } catch (IOException e) {
            throw new UncheckedIOException("close the connection to Docker", e);
        }
    }
}
