package dev.weft.chaos.churn;

import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/** The same request twice at once: one object, whatever the ways are. */
final class Twice {

    private Twice() {}

    static <T> Request<T> of(
            Request<T> request, List<Door> doors, Function<T, String> id, Consumer<String> violations) {
        List<String> seen = new CopyOnWriteArrayList<>();
        return new Request<>(
                request.what() + ", twice at once",
                request.refusable(),
                door -> {
                    Door other = doors.get((doors.indexOf(door) + 1) % doors.size());
                    Thread second = Thread.ofVirtual().start(() -> {
                        try {
                            seen.add(id.apply(request.call().through(other)));
                        } catch (StatusRuntimeException _) {
                            // It may fail, like any other; what counts is that no second object is made.
                            return;
                        }
                    });
                    try {
                        T answer = request.call().through(door);
                        seen.add(id.apply(answer));
                        return answer;
                    } finally {
                        join(second);
                    }
                },
                answer -> {
                    request.done().accept(answer);
                    if (seen.stream().distinct().count() > 1) {
                        violations.accept(request.what() + " with one request id made several objects: " + seen);
                    }
                },
                request.refused());
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
