set encoding utf8
set terminal pngcairo size 800,1260 noenhanced font 'sans,11'
set key outside bottom center horizontal height 0.7
set border 3
set ytics nomirror
set grid y lt 1 lw 0.5 lc rgb '#cccccc'
set multiplot layout 3,1
$p0_0 << END
0.25 0.491
0.5 0.655
0.75 0.819
1 0.983
1.25 1.147
1.5 1.311
1.75 1.516
2 1.68
2.25 1.762
2.5 1.926
2.75 2.09
3 2.336
3.25 2.5
3.5 2.609
3.5563025 2.609
END
$i0_0 << END
END
$p0_1 << END
0.25 0.245
0.5 0.327
0.75 0.409
1 0.491
1.25 0.573
1.5 0.655
1.75 0.737
2 0.86
2.25 0.942
2.5 1.065
2.75 1.229
3 1.311
3.25 1.393
3.5 1.434
3.5563025 1.458
END
$i0_1 << END
END
$p0_2 << END
0.25 2.787
0.5 3.853
0.75 4.837
1 5.739
1.25 6.559
1.5 7.379
1.75 8.363
2 9.183
2.25 10.003
2.5 11.479
2.75 12.791
3 13.775
3.25 14.103
3.5 15.087
3.5563025 15.383
END
$i0_2 << END
END
$p0_3 << END
0.25 4.263
0.5 5.739
0.75 7.215
1 8.691
1.25 10.167
1.5 11.479
1.75 13.119
2 14.431
2.25 15.087
2.5 16.399
2.75 18.367
3 20.335
3.25 23.615
3.5 23.615
3.5563025 24.607
END
$i0_3 << END
END
set title "contend/mmap: size 64M, 4 faulters, 1 writer, time 200 ms, place core\073 Intel Xeon VM"
set ylabel "latency of one operation, us"
set xlabel "quantile"
unset logscale
set logscale y
set xtics norotate nomirror ("50\045\045" 0.301029996, "90\045\045" 1, "99\045\045" 2, "99.9\045\045" 3)
set xrange [0:*]
set yrange [*:*]
unset xzeroaxis
plot $p0_0 using 1:2 with linespoints lc rgb '#000000' pt 7 ps 1 lw 1.5 dt 1 title "mmap-lock, faulters", $p0_1 using 1:2 with linespoints lc rgb '#d55e00' pt 5 ps 1 lw 1.5 dt 2 title "vma-lock, faulters", $p0_2 using 1:2 with linespoints lc rgb '#0072b2' pt 9 ps 1 lw 1.5 dt 4 title "mmap-lock, writers", $p0_3 using 1:2 with linespoints lc rgb '#009e73' pt 11 ps 1 lw 1.5 dt 3 title "vma-lock, writers"
$p1_0 << END
0.25 0.491
0.5 0.655
0.75 0.819
1 0.942
1.25 1.106
1.5 1.27
1.75 1.434
2 1.557
2.25 1.721
2.5 1.844
2.75 2.172
3 2.213
3.25 2.254
3.5 2.5
3.5563025 3.155
END
$i1_0 << END
END
$p1_1 << END
0.25 0.245
0.5 0.327
0.75 0.409
1 0.491
1.25 0.573
1.5 0.655
1.75 0.737
2 0.819
2.25 0.901
2.5 0.942
2.75 1.065
3 1.106
3.25 1.106
3.5 1.147
3.5563025 1.61
END
$i1_1 << END
END
set title "contend/mmap: size 64M, 4 faulters, 0 writers, time 200 ms, place core\073 Intel Xeon"."\n"."VM"
set ylabel "latency of one operation, us"
set xlabel "quantile"
unset logscale
set logscale y
set xtics norotate nomirror ("50\045\045" 0.301029996, "90\045\045" 1, "99\045\045" 2, "99.9\045\045" 3)
set xrange [0:*]
set yrange [*:*]
unset xzeroaxis
plot $p1_0 using 1:2 with linespoints lc rgb '#000000' pt 7 ps 1 lw 1.5 dt 1 title "mmap-lock, faulters", $p1_1 using 1:2 with linespoints lc rgb '#d55e00' pt 5 ps 1 lw 1.5 dt 2 title "vma-lock, faulters"
$p2_0 << END
0.25 0.245
0.5 0.327
0.75 0.409
1 0.491
1.25 0.573
1.5 0.655
1.75 0.737
2 0.819
2.25 0.86
2.5 0.942
2.75 1.106
3 1.147
3.25 1.27
3.5 1.27
3.5563025 1.333
END
$i2_0 << END
END
set title "contend/mprotect: size 64M, 4 faulters, 1 writer, time 200 ms, place core\073 Intel"."\n"."Xeon VM"
set ylabel "latency of one operation, us"
set xlabel "quantile"
unset logscale
set logscale y
set xtics norotate nomirror ("50\045\045" 0.301029996, "90\045\045" 1, "99\045\045" 2, "99.9\045\045" 3)
set xrange [0:*]
set yrange [*:*]
unset xzeroaxis
plot $p2_0 using 1:2 with linespoints lc rgb '#000000' pt 7 ps 1 lw 1.5 dt 1 title "vma-lock, faulters"
unset multiplot
