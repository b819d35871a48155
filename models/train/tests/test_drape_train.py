"""Checks that need neither data nor weights: `python -m unittest discover -s models/train/tests` with PYTHONPATH=models/train."""

import json
import unittest

import cv2
import numpy as np

from drape_train import golden
from drape_train.cascade import Cascade, Proposals, painted
from drape_train.centerface import decode, fit
from drape_train.crops import crop
from drape_train.detector_data import targets
from drape_train.geometry import grow, iou, non_maximum, paint_mask, placed, rotate_box
from drape_train.mine import turned
from drape_train.data import Picture


class Crops(unittest.TestCase):
    def test_golden_vectors_hold(self):
        image, kept = golden.picture(), json.loads(golden.TARGET.read_text())
        for case in kept["cases"]:
            made = crop(image, np.array(case["box"], float))
            for row, column, *rgb in case["rowColumnRgb"]:
                self.assertEqual(made[row, column].tolist(), rgb)

    def test_area_average_equals_opencv_where_both_are_defined(self):
        image = golden.picture()
        ours = crop(image, np.array([60, 40, 80, 80]), factor=1.6, out=64)
        theirs = cv2.resize(image[16:144, 36:164], (64, 64), interpolation=cv2.INTER_AREA)
        self.assertLessEqual(np.abs(ours.astype(int) - theirs).max(), 1)

    def test_outside_is_black(self):
        self.assertEqual(crop(golden.picture(), np.array([-300, -300, 20, 20])).max(), 0)


class Geometry(unittest.TestCase):
    def test_growing_by_30_percent_a_side(self):
        np.testing.assert_allclose(grow(np.array([[10, 10, 10, 20]])), [[7, 4, 16, 32]])

    def test_a_face_is_placed_by_its_score_as_in_the_product(self):
        seen = np.array([[10.0, 10, 10, 20]] * 5)
        drawn = [[10.4, 10.8, 9.2, 18.4], seen[0], [9.6, 9.2, 10.8, 21.6], [10.48, 10.96, 9.04, 18.08], [9.2, 8.4, 11.6, 23.2]]
        np.testing.assert_allclose(placed(seen, np.array([0.96, 0.76, 0.56, 1.0, 0.03])), drawn)

    def test_suppression_keeps_the_best_first(self):
        boxes = np.array([[0, 0, 10, 10], [1, 1, 10, 10], [50, 50, 10, 10]], float)
        self.assertEqual(non_maximum(boxes, np.array([0.3, 0.9, 0.5])).tolist(), [1, 2])

    def test_a_quarter_turn_swaps_the_sides_of_a_box(self):
        matrix = np.array([[0, 1, 0], [-1, 0, 100]], float)
        np.testing.assert_allclose(rotate_box(np.array([10, 20, 30, 40]), matrix), [20, 60, 40, 30])

    def test_turned_boxes_show_the_same_pixels(self):
        image = golden.picture()
        truth = Picture(None, "faces", "", "", False, np.array([[30, 20, 50, 70.0]]))
        for quarter in (1, 2, 3):
            view, moved = turned(image, truth, quarter)
            x, y, w, h = moved.faces[0].astype(int)
            back = np.rot90(view[y : y + h, x : x + w], -quarter)
            np.testing.assert_array_equal(back, image[20:90, 30:80])

    def test_paint_is_a_union(self):
        self.assertEqual(paint_mask(np.array([[0, 0, 4, 4], [2, 0, 4, 4]]), 10, 10).sum(), 24)


class Detector(unittest.TestCase):
    def test_input_size_fits_both_ways(self):
        self.assertEqual(fit(720, 1280, 384, 640)[1:], (384, 640))
        self.assertEqual(fit(1280, 720, 384, 640)[1:], (640, 384))
        self.assertEqual(fit(16, 16, 384, 640)[1:], (384, 384))

    def test_targets_are_what_decoding_reads(self):
        face = np.array([[33.0, 50.0, 26.0, 38.0]])
        made = targets(face, np.zeros((0, 4)), 128)
        heat = np.where(made["heat"] > 0.999, 0.9, 0.0)
        out = {"heatmap": heat[None, None], "scale": made["shape"][None, :2], "offset": made["shape"][None, 2:]}
        boxes, scores, _ = decode(out, 0.5)
        self.assertGreater(iou(boxes, face).max(), 0.99)
        self.assertEqual(len(scores), 1)


class Fusion(unittest.TestCase):
    def test_neighbours_share_their_best_score_and_their_mean_verdict(self):
        boxes = np.array([[0, 0, 10, 10], [6, 0, 10, 10], [50, 50, 10, 10]], float)
        features = Proposals(boxes, np.array([0.9, 0.1, 0.5]), np.array([[2.0, 0], [-4, 1], [1, 0]])).features()
        np.testing.assert_allclose(features[:, 0], [np.log(9), np.log(9), 0], atol=1e-6)
        np.testing.assert_allclose(features[:, 2], [-4, 2, 1])

    def test_the_lower_threshold_needs_a_frame_and_a_box_that_are_surely_outside(self):
        fusion = {"weights": {"detectorLogit": 1, "judgeFace": 0, "neighbourFace": 0}, "bias": 0, "outsideBelow": -2, "sureScore": 0.4}
        fusion["thresholds"] = {"balanced": {"inside": 1, "outside": -1}}

        def chosen(*endoscopy, scores=(0.1, 0.1)) -> list[bool]:
            judged = np.array([[0, value] for value in endoscopy], float)
            return painted({"features": np.zeros((2, 3)), "judged": judged, "scores": np.array(scores)}, fusion).tolist()

        self.assertEqual(chosen(-4, -3), [True, True])
        self.assertEqual(chosen(-9, 1), [True, False])
        self.assertEqual(chosen(-4, 3), [False, False])
        self.assertEqual(chosen(-4, 3, scores=(0.1, 0.4)), [False, True])


class Cascades(unittest.TestCase):
    def test_a_turned_look_reports_in_the_upright_picture_and_is_judged_turned(self):
        image = np.zeros((40, 60, 3), np.uint8)
        image[5:15, 30:50] = 200

        class Bright:
            limit, looks = 0.3, [(40, 60)]

            def __call__(self, view):
                y, x = np.where(view[..., 0] > 0)
                box = [x.min(), y.min(), np.ptp(x) + 1, np.ptp(y) + 1]
                return np.array([box], float), np.array([0.2 + 0.1 * (view.shape[0] > view.shape[1])])

        class Sides:
            def __call__(self, view, boxes):
                return np.stack([boxes[:, 2], boxes[:, 3]], 1)

        offered = Cascade(Bright(), Sides(), ((Bright(), [1, 3]),)).propose(image)
        np.testing.assert_allclose(offered.boxes, [[30, 5, 20, 10]])
        np.testing.assert_allclose(offered.judged, [[10, 20]])
        np.testing.assert_allclose(offered.scores, [0.3])


if __name__ == "__main__":
    unittest.main()
