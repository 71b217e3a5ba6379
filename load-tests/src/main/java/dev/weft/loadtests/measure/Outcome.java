package dev.weft.loadtests.measure;

/** What became of one contender in one comparison. */
public sealed interface Outcome {

    /** It took part in every counted round. */
    record Measured(Samples samples) implements Outcome {}

    /** It took no part, or failed on the way: no figure of it is shown. The reason is one line for a person. */
    record NotMeasured(String reason) implements Outcome {}
}
