set encoding utf8
set terminal pngcairo size 800,420 noenhanced font 'sans,11'
set key outside bottom center horizontal height 0.7
set border 3
set ytics nomirror
set grid y lt 1 lw 0.5 lc rgb '#cccccc'
set multiplot layout 1,1
$p0_0 << END
-0.07 14.328
0.93 14.263
1.93 14.334
2.93 14.046
3.93 14.011
4.93 13.993
5.93 13.983
6.93 13.986
7.93 14.305
END
$i0_0 << END
-0.07 14.328 14.0761162 14.5843911
0.93 14.263 14.0111264 14.5194015
1.93 14.334 14.0821153 14.5903901
2.93 14.046 13.7941609 14.3024369
3.93 14.011 13.7591666 14.2674427
4.93 13.993 13.7411695 14.2494457
5.93 13.983 13.7311712 14.2394473
6.93 13.986 13.7341707 14.2424468
7.93 14.305 14.0531198 14.5613947
END
$p0_1 << END
0.07 14.035
1.07 11.96
2.07 10.94
3.07 10.444
4.07 10.063
5.07 9.938
6.07 9.85
7.07 9.82
8.07 10.076
END
$i0_1 << END
0.07 14.035 13.7831627 14.2914387
1.07 11.96 11.7085567 12.2168431
2.07 10.94 10.6888047 11.1970986
3.07 10.444 10.1929427 10.701241
4.07 10.063 9.8120578 10.32036
5.07 9.938 9.68709748 10.1954011
6.07 9.85 9.59912602 10.1074306
7.07 9.82 9.56913586 10.0774408
8.07 10.076 9.82505373 10.3333558
END
set title "fork: size 1G, place core\073 Intel Xeon Silver 4210R"
set ylabel "time of one op, ms"
set xlabel "folio order"
unset logscale
set xtics norotate nomirror ("0" 0, "2" 1, "3" 2, "4" 3, "5" 4, "6" 5, "7" 6, "8" 7, "9" 8)
set xrange [-0.5:8.5]
set yrange [0:*]
unset xzeroaxis
plot $p0_0 using 1:2 with linespoints lc rgb '#000000' pt 7 ps 1 lw 1.5 dt 1 title "v6.8-rc1", $i0_0 using 1:2:3:4 with yerrorbars lc rgb '#000000' pt 7 ps 1 lw 1.5 notitle, $p0_1 using 1:2 with linespoints lc rgb '#d55e00' pt 5 ps 1 lw 1.5 dt 2 title "New", $i0_1 using 1:2:3:4 with yerrorbars lc rgb '#d55e00' pt 5 ps 1 lw 1.5 notitle
unset multiplot
