set encoding utf8
set terminal pngcairo size 800,1260 noenhanced font 'sans,11'
set key outside bottom center horizontal height 0.7
set border 3
set ytics nomirror
set grid y lt 1 lw 0.5 lc rgb '#cccccc'
set multiplot layout 3,1
$p0_0 << END
0.25 0.465204131
0.5 0.640684144
0.75 0.808993565
1 0.970648749
1.25 1.13807709
1.5 1.28711277
1.75 1.48822596
2 1.66508684
2.25 1.7619734
2.5 1.92174927
2.75 2.07452596
3 2.31008818
3.25 2.49999842
3.5 2.60066239
3.5563025 2.609
END
$i0_0 << END
END
$p0_1 << END
0.25 0.229588511
0.5 0.313724665
0.75 0.393688014
1 0.470213943
1.25 0.548626617
1.5 0.637376045
1.75 0.73545803
2 0.835181413
2.25 0.917608556
2.5 1.06034289
2.75 1.22408697
3 1.3038
3.25 1.39319558
3.5 1.42932478
3.5563025 1.458
END
$i0_1 << END
END
$p0_2 << END
0.25 2.75170462
0.5 3.82356776
0.75 4.76485282
1 5.65019048
1.25 6.46363118
1.5 7.33019795
1.75 8.32462321
2 9.184
2.25 9.92575038
2.5 11.2621356
2.75 12.5466481
3 13.5792
3.25 14.09343
3.5 15.0508365
3.5563025 15.383
END
$i0_2 << END
END
$p0_3 << END
0.25 4.18886788
0.5 5.71969304
0.75 7.18907929
1 8.64326097
1.25 10.0568082
1.5 11.4635734
1.75 12.8345751
2 14.3182863
2.25 15.0599532
2.5 16.2537219
2.75 18.1299439
3 20.1392
3.25 23.2799874
3.5 23.5705983
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
0.25 0.46502736
0.5 0.632534172
0.75 0.793158835
1 0.941475239
1.25 1.1056575
1.5 1.25793249
1.75 1.40601362
2 1.5393392
2.25 1.69899605
2.5 1.82924782
2.75 2.14661425
3 2.20057119
3.25 2.25308618
3.5 2.49532478
3.5563025 3.155
END
$i1_0 << END
END
$p1_1 << END
0.25 0.235446906
0.5 0.320350701
0.75 0.401149317
1 0.478136562
1.25 0.554820326
1.5 0.632195351
1.75 0.718550131
2 0.801649503
2.25 0.868812326
2.5 0.934331358
2.75 1.04200348
3 1.07222108
3.25 1.10620792
3.5 1.13874067
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
0.25 0.231253656
0.5 0.321286585
0.75 0.398879577
1 0.477183026
1.25 0.557323676
1.5 0.645928995
1.75 0.722154748
2 0.792276826
2.25 0.859533659
2.5 0.935523923
2.75 1.09629613
3 1.12934568
3.25 1.24999921
3.5 1.26816239
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
