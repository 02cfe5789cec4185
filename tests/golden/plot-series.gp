set encoding utf8
set terminal pngcairo size 800,420 noenhanced font 'sans,11'
set key outside bottom center horizontal height 0.7
set border 3
set ytics nomirror
set grid y lt 1 lw 0.5 lc rgb '#cccccc'
set multiplot layout 1,1
$p0_0 << END
-0.04 0
0.96 -4.33182908e-05

2.96 7.13059497
3.96 6.17306341
END
$i0_0 << END
0.96 -4.33182908e-05 -0.00198901727 0.00190238069
2.96 7.13059497 7.12914526 7.13204469
3.96 6.17306341 6.17153254 6.17459427
END
$p0_1 << END
0.04 0
1.04 0.000130956372

3.04 0.0959791156
4.04 0.0632876431
END
$i0_1 << END
1.04 0.000130956372 -0.00482457835 0.0050864911
3.04 0.0959791156 0.0840277743 0.107930457
4.04 0.0632876431 0.0586613975 0.0679138886
END
set title "fork: size 64M, place core\073 ARM Neoverse N1 VM"
set ylabel "change of kernel instructions, \045"
set xlabel ""
unset logscale
set xtics norotate nomirror ("baseline" 0, "1/4" 1, "2/4" 2, "3/4" 3, "4/4" 4)
set xrange [-0.5:4.5]
set yrange [*:*]
set xzeroaxis
plot $p0_0 using 1:2 with linespoints lc rgb '#000000' pt 7 ps 1 lw 1.5 dt 1 title "fork order-0 (pte-map)", $i0_0 using 1:2:3:4 with yerrorbars lc rgb '#000000' pt 7 ps 1 lw 1.5 notitle, $p0_1 using 1:2 with linespoints lc rgb '#d55e00' pt 5 ps 1 lw 1.5 dt 2 title "fork order-9 (pte-map)", $i0_1 using 1:2:3:4 with yerrorbars lc rgb '#d55e00' pt 5 ps 1 lw 1.5 notitle
unset multiplot
