set encoding utf8
set terminal pngcairo size 1600,1260 noenhanced font 'sans,11'
set key outside bottom center horizontal height 0.7
set border 3
set ytics nomirror
set grid y lt 1 lw 0.5 lc rgb '#cccccc'
set multiplot layout 3,2
$p0_0 << END
-0.233333333 21.27825
0 20.77225
0.233333333 21.144
END
$i0_0 << END
END
$p0_1 << END
0 21.144
END
$i0_1 << END
0 21.144 20.958125 21.211125
END
$p0_2 << END
0.766666667 21.0745
1 21.24425
1.23333333 20.81025
END
$i0_2 << END
END
$p0_3 << END
1 21.0745
END
$i0_3 << END
1 21.0745 20.942375 21.159375
END
set title "null/write: size 64M, order-0 (pte-map), 1 thread, 1 process, place core\073 Intel Xeon"."\n"."VM"
set ylabel "time of one op, us"
set xlabel ""
unset logscale
set xtics norotate nomirror ("baseline" 0, "spf" 1)
set xrange [-0.5:1.5]
set yrange [*:*]
unset xzeroaxis
plot $p0_0 using 1:2 with linespoints lc rgb '#000000' pt 7 ps 1 lw 1.5 dt 1 notitle, $i0_1 using 1:3:3:4:4:(0.8) with candlesticks fs empty lc rgb '#000000' notitle, $i0_1 using ($1-0.4):2:(0.8):(0) with vectors nohead lw 3 lc rgb '#000000' notitle, $p0_2 using 1:2 with linespoints lc rgb '#d55e00' pt 5 ps 1 lw 1.5 dt 1 notitle, $i0_3 using 1:3:3:4:4:(0.8) with candlesticks fs empty lc rgb '#d55e00' notitle, $i0_3 using ($1-0.4):2:(0.8):(0) with vectors nohead lw 3 lc rgb '#d55e00' notitle
$p1_0 << END
1 1.10608965
2 1.70806303
END
$i1_0 << END
1 1.10608965 1.0847032 1.12789777
2 1.70806303 1.65202161 1.76600553
END
$p1_1 << END
1 1.10152888
2 2.14256677
4 2.92888779
END
$i1_1 << END
1 1.10152888 1.07859791 1.12494737
2 2.14256677 2.09204271 2.19431102
4 2.92888779 2.90917991 2.94872918
END
set title "fault/write: size 256M, order-0 (pte-map), sharing own, 1 process, place core\073 Intel"."\n"."Xeon VM"
set ylabel "faults/s, millions"
set xlabel "threads"
unset logscale
set xtics norotate nomirror ("1" 1, "2" 2, "4" 4)
set xrange [0.8125:4.1875]
set yrange [0:*]
unset xzeroaxis
plot $p1_0 using 1:2 with linespoints lc rgb '#000000' pt 7 ps 1 lw 1.5 dt 1 title "baseline", $i1_0 using 1:2:3:4 with yerrorbars lc rgb '#000000' pt 7 ps 1 lw 1.5 notitle, $p1_1 using 1:2 with linespoints lc rgb '#d55e00' pt 5 ps 1 lw 1.5 dt 2 title "spf", $i1_1 using 1:2:3:4 with yerrorbars lc rgb '#d55e00' pt 5 ps 1 lw 1.5 notitle
$p2_0 << END
-0.025 23.0444504
0.975 23.0841507
END
$i2_0 << END
-0.025 23.0444504 22.6741537 23.4207945
0.975 23.0841507 21.8683996 24.3674902
END
$p2_1 << END
0.025 23.060651
1.025 9.59221825
END
$i2_1 << END
0.025 23.060651 22.3824431 23.7594092
1.025 9.59221825 9.51589869 9.66914991
END
set title "zap/munmap: size 1G, place core\073 Intel Xeon VM"
set ylabel "time of one op, ms"
set xlabel "folio order"
unset logscale
set xtics norotate nomirror ("0" 0, "9" 1)
set xrange [-0.5:1.5]
set yrange [0:*]
unset xzeroaxis
plot $p2_0 using 1:2 with linespoints lc rgb '#000000' pt 7 ps 1 lw 1.5 dt 1 title "baseline", $i2_0 using 1:2:3:4 with yerrorbars lc rgb '#000000' pt 7 ps 1 lw 1.5 notitle, $p2_1 using 1:2 with linespoints lc rgb '#d55e00' pt 5 ps 1 lw 1.5 dt 2 title "spf", $i2_1 using 1:2:3:4 with yerrorbars lc rgb '#d55e00' pt 5 ps 1 lw 1.5 notitle
$p3_0 << END
-0.025 21.9967554
0.975 21.8729627
END
$i3_0 << END
-0.025 21.9967554 21.8325548 22.1621909
0.975 21.8729627 19.9133491 24.0254162
END
$p3_1 << END
0.025 22.0152059
1.025 9.36893325
END
$i3_1 << END
0.025 22.0152059 21.3777043 22.6717184
1.025 9.36893325 8.32664974 10.541684
END
set title "zap/dontneed: size 1G, place core\073 Intel Xeon VM"
set ylabel "time of one op, ms"
set xlabel "folio order"
unset logscale
set xtics norotate nomirror ("0" 0, "9" 1)
set xrange [-0.5:1.5]
set yrange [0:*]
unset xzeroaxis
plot $p3_0 using 1:2 with linespoints lc rgb '#000000' pt 7 ps 1 lw 1.5 dt 1 title "baseline", $i3_0 using 1:2:3:4 with yerrorbars lc rgb '#000000' pt 7 ps 1 lw 1.5 notitle, $p3_1 using 1:2 with linespoints lc rgb '#d55e00' pt 5 ps 1 lw 1.5 dt 2 title "spf", $i3_1 using 1:2:3:4 with yerrorbars lc rgb '#d55e00' pt 5 ps 1 lw 1.5 notitle
$p4_0 << END
-0.025 95.1945495
0.975 94.9013322
END
$i4_0 << END
-0.025 95.1945495 94.7038332 95.6878085
0.975 94.9013322 92.7700711 97.0815559
END
$p4_1 << END
0.025 95.3450237
1.025 39.7783093
END
$i4_1 << END
0.025 95.3450237 94.4696203 96.2285391
1.025 39.7783093 38.2124021 41.4083859
END
set title "zap/pte-dontneed: size 1G, place core\073 Intel Xeon VM, emulated"
set ylabel "time of one op, ms"
set xlabel "folio order"
unset logscale
set xtics norotate nomirror ("0" 0, "9" 1)
set xrange [-0.5:1.5]
set yrange [0:*]
unset xzeroaxis
plot $p4_0 using 1:2 with linespoints lc rgb '#000000' pt 7 ps 1 lw 1.5 dt 1 title "baseline", $i4_0 using 1:2:3:4 with yerrorbars lc rgb '#000000' pt 7 ps 1 lw 1.5 notitle, $p4_1 using 1:2 with linespoints lc rgb '#d55e00' pt 5 ps 1 lw 1.5 dt 2 title "spf", $i4_1 using 1:2:3:4 with yerrorbars lc rgb '#d55e00' pt 5 ps 1 lw 1.5 notitle
unset multiplot
