package dev.weft.node.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.node.v1.Report;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StatusReporterTest {

    @Test
    void aSignOfLifeComesAlsoWhenTheHostCannotBeRead() throws InterruptedException {
        BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
        try (StatusReporter reporter = new StatusReporter(reports::add, _ -> {
            throw new IllegalStateException("the kernel said nothing of this host");
        })) {
            reporter.start();
            assertThat(reports.poll(30, TimeUnit.SECONDS)).isNotNull();
        }
    }
}
