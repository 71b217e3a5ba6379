# Draws how costs grow with the cluster's size: gnuplot -e "dir='target/bench'" plots/scale.gp
# reads DIR/scale.tsv, whose first line names its columns, and writes DIR/scale-*.svg. Both axes are logarithmic.
set datafile separator "\t"
set terminal svg size 760,420 font "sans-serif,13" background "white"
set key left top
set grid
set logscale xy
data = dir . "/scale.tsv"

set output dir . "/scale-change.svg"
set xlabel "nodes that the change goes to"
set ylabel "milliseconds until the last node has it"
plot data using "wide":"change-quiet-median" with linespoints title "nothing else going on, median", \
     data using "wide":"change-quiet-p99" with linespoints title "nothing else going on, p99", \
     data using "wide":"change-churn-median" with linespoints title "under churn, median", \
     data using "wide":"change-churn-p99" with linespoints title "under churn, p99"

set output dir . "/scale-memory.svg"
set xlabel "endpoints"
set ylabel "MiB of the control plane"
plot data using "endpoints":"resident" with linespoints title "resident", \
     data using "endpoints":"live-heap" with linespoints title "heap after a collection"

set output dir . "/scale-start.svg"
set xlabel "nodes"
set ylabel "seconds"
plot data using "nodes":"redial" with linespoints title "all nodes dial at once, until the last has everything", \
     data using "nodes":"cold-ready" with linespoints title "control plane killed, until it is ready", \
     data using "nodes":"cold-settled" with linespoints title "from then on, until the last node has everything"

set output dir . "/scale-cpu.svg"
set xlabel "nodes that the change goes to"
set ylabel "milliseconds of the control plane's processor time"
plot data using "wide":"cpu-per-change" with linespoints title "for a change"
