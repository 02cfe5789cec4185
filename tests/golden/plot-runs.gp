set encoding utf8
set terminal pngcairo size 800,1260 noenhanced font 'sans,11'
set key outside bottom center horizontal height 0.7
set border 3
set ytics nomirror
set grid y lt 1 lw 0.5 lc rgb '#cccccc'
set multiplot layout 3,1
$p0_0 << END
-0.291666667 14.2315555
-0.175 14.425698

-0.0583333333 14.4062175
0.0583333333 14.3182325

0.175 14.1727055
0.291666667 14.3125685
END
$i0_0 << END
END
$p0_1 << END
0 14.3154005
END
$i0_1 << END
0 14.3154005 14.2518087 14.3842212
END
$p0_2 << END
0.708333333 13.8648662
0.825 14.3107577

0.941666667 14.1578405
1.05833333 14.18293

1.175 14.0557172
1.29166667 14.2882505
END
$i0_2 << END
END
$p0_3 << END
1 14.1703852
END
$i0_3 << END
1 14.1703852 14.0812481 14.2619204
END
set title "fork: size 1G, order-0 (pte-map), place core\073 Intel Xeon VM"
set ylabel "time of one op, ms"
set xlabel ""
unset logscale
set xtics norotate nomirror ("6.18.44" 0, "6.18.44-batch" 1)
set xrange [-0.5:1.5]
set yrange [*:*]
unset xzeroaxis
plot $p0_0 using 1:2 with linespoints lc rgb '#000000' pt 7 ps 1 lw 1.5 dt 1 notitle, $i0_1 using 1:3:3:4:4:(0.8) with candlesticks fs empty lc rgb '#000000' notitle, $i0_1 using ($1-0.4):2:(0.8):(0) with vectors nohead lw 3 lc rgb '#000000' notitle, $p0_2 using 1:2 with linespoints lc rgb '#d55e00' pt 5 ps 1 lw 1.5 dt 1 notitle, $i0_3 using 1:3:3:4:4:(0.8) with candlesticks fs empty lc rgb '#d55e00' notitle, $i0_3 using ($1-0.4):2:(0.8):(0) with vectors nohead lw 3 lc rgb '#d55e00' notitle
$p1_0 << END
-0.291666667 14.1622682
-0.175 14.0180082

-0.0583333333 14.317759
0.0583333333 14.5132817

0.175 14.3063305
0.291666667 14.0763562
END
$i1_0 << END
END
$p1_1 << END
0 14.2342994
END
$i1_1 << END
0 14.2342994 14.0978343 14.3149019
END
$p1_2 << END
0.7375 9.9824215
0.9125 10.0760495

1.0875 9.9257555
1.2625 10.0622967
END
$i1_2 << END
END
$p1_3 << END
1 10.0223591
END
$i1_3 << END
1 10.0223591 9.968255 10.0657349
END
set title "fork: size 1G, order-9 (pte-map), place core\073 Intel Xeon VM"
set ylabel "time of one op, ms"
set xlabel ""
unset logscale
set xtics norotate nomirror ("6.18.44" 0, "6.18.44-batch" 1)
set xrange [-0.5:1.5]
set yrange [*:*]
unset xzeroaxis
plot $p1_0 using 1:2 with linespoints lc rgb '#000000' pt 7 ps 1 lw 1.5 dt 1 notitle, $i1_1 using 1:3:3:4:4:(0.8) with candlesticks fs empty lc rgb '#000000' notitle, $i1_1 using ($1-0.4):2:(0.8):(0) with vectors nohead lw 3 lc rgb '#000000' notitle, $p1_2 using 1:2 with linespoints lc rgb '#d55e00' pt 5 ps 1 lw 1.5 dt 1 notitle, $i1_3 using 1:3:3:4:4:(0.8) with candlesticks fs empty lc rgb '#d55e00' notitle, $i1_3 using ($1-0.4):2:(0.8):(0) with vectors nohead lw 3 lc rgb '#d55e00' notitle
$p2_0 << END
-0.291666667 517.51275
-0.175 512.09075

-0.0583333333 500.545
0.0583333333 504.475

0.175 507.1675
0.291666667 506.068
END
$i2_0 << END
END
$p2_1 << END
0 506.61775
END
$i2_1 << END
0 506.61775 504.87325 510.859938
END
set title "fork: size 1G, THP (pmd-map), place core\073 Intel Xeon VM"
set ylabel "time of one op, us"
set xlabel ""
unset logscale
set xtics norotate nomirror ("6.18.44" 0)
set xrange [-0.5:0.5]
set yrange [*:*]
unset xzeroaxis
plot $p2_0 using 1:2 with linespoints lc rgb '#000000' pt 7 ps 1 lw 1.5 dt 1 notitle, $i2_1 using 1:3:3:4:4:(0.8) with candlesticks fs empty lc rgb '#000000' notitle, $i2_1 using ($1-0.4):2:(0.8):(0) with vectors nohead lw 3 lc rgb '#000000' notitle
unset multiplot
