package dev.weft.loadtests.measure;

import java.time.Duration;

/** What became of one contender in one comparison. */
public sealed interface Outcome {

    /** It took part in every counted round. */
    record Measured(Samples samples) implements Outcome {}

    /** It was stopped because it took longer than it was given: all that is known is that bound. */
    record NotFinished(Duration after) implements Outcome {}

    /** It took no part, or failed on the way: no figure of it is shown. The reason is one line for a person. */
    record NotMeasured(String reason) implements Outcome {}
}
